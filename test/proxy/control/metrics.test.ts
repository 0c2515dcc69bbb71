import { expect } from 'chai';
import { rawClient } from '../../helpers/raw-client.ts';
import { rawUpstream } from '../../helpers/raw-upstream.ts';
import { GET, nextPoll, send, type Rig } from '../rig.ts';
import { withControl } from './with-control.ts';

const PATH = '/leaderboards/duke';

describe('the metrics of a proxy', () => {
  it('count exchanges by upstream, known call and end, and faults by their names', () =>
    withMetrics(async ({ read, connect, url, control, completed }) => {
      await send(url + PATH);
      await send(url + PATH);
      await send(`${url}/secret/path?token=x`);
      await control.add([{ on: 'player-stats', inject: 'reset' }]);
      for (let i = 0; i < 3; i++) {
        const client = connect();
        client.send('GET /stats/ann HTTP/1.1\r\nHost: stats\r\n\r\n');
        expect(await client.ended).to.equal('rst');
      }
      const kept = connect();
      kept.send(GET);
      await kept.answer();
      await completed(7);
      const text = await read();
      expect(linesOf(text, 'brownout_exchanges_total')).to.have.members([
        '{upstream="stats",call="leaderboard",end="answered"} 3',
        '{upstream="stats",call="",end="answered"} 1',
        '{upstream="stats",call="player-stats",end="reset"} 3',
      ]);
      expect(linesOf(text, 'brownout_faults_fired_total')).to.deep.equal([
        '{upstream="stats",fault="reset"} 3',
      ]);
      expect(linesOf(text, 'brownout_rules')).to.deep.equal([' 1']);
      expect(linesOf(text, 'brownout_links')).to.deep.equal(['{upstream="stats"} 1']);
      expect(text).not.to.match(/secret|token/);
    }));

  for (const protocol of ['http', 'tcp'] as const) {
    it(`count the bytes that really came and went, over ${protocol}`, () =>
      withMetrics(async ({ read, proxy }) => {
        const seen = { down: 0 };
        const body = 'x'.repeat(300_000);
        const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
        const target = await rawUpstream((socket, text) => {
          if (!text.endsWith('\r\n\r\n')) return;
          socket.write(answer);
          seen.down += answer.length;
        });
        const { url, address } = await proxy.open({
          name: 'other',
          target: protocol === 'http' ? target.url : `tcp://127.0.0.1:${target.port}`,
          protocol,
        });
        const clients = Array.from({ length: 3 }, () => rawClient(url.replace('tcp', 'http')));
        const sent = `${GET.slice(0, -4)}\r\nX: ${'y'.repeat(5000)}\r\n\r\n`;
        for (const client of clients) {
          for (let i = 0; i < 2; i++) {
            const before = client.text.length;
            client.send(sent);
            await client.until((text) => text.length === before + answer.length);
          }
        }
        // Two are over, one is open.
        clients[0]?.reset();
        clients[1]?.destroy();
        const links = async () => linesOf(await read(), 'brownout_links{upstream="other"}')[0];
        while ((await links()) !== ' 1') await nextPoll();
        const { down } = seen;
        const up = target.text.length;
        expect([up, down]).to.deep.equal([6 * sent.length, 6 * answer.length]);
        const text = await read();
        for (const name of ['received', 'sent']) {
          const ours = linesOf(text, `brownout_${name}_bytes_total{upstream="other",direction=`);
          expect(ours).to.deep.equal([`"up"} ${up}`, `"down"} ${down}`]);
          const labels = `listener="${address}",proxy="other",upstream="127.0.0.1:${target.port}"`;
          const theirs = linesOf(text, `toxiproxy_proxy_${name}_bytes_total`).filter((line) =>
            line.includes('proxy="other"'),
          );
          expect(theirs).to.deep.equal([
            `{direction="upstream",${labels}} ${up}`,
            `{direction="downstream",${labels}} ${down}`,
          ]);
        }
        // Closed for good, what it has counted stays; it is no proxy of Toxiproxy's any more.
        await proxy.upstreams.find(({ name }) => name === 'other')?.[Symbol.asyncDispose]();
        const later = await read();
        const line = `brownout_sent_bytes_total{upstream="other",direction="up"} ${up}`;
        expect(later).to.include(line);
        expect(later).not.to.include('proxy="other"');
        for (const client of clients) client.destroy();
        await target[Symbol.asyncDispose]();
      }));
  }

  it('count what a fault has sent and held back as it really went', () =>
    withMetrics(async ({ read, connect, control, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { status: 503, body: 'no' } }]);
      const client = connect();
      client.send(GET);
      await client.answer();
      await completed(1);
      const text = await read();
      expect(linesOf(text, 'brownout_received_bytes_total')).to.have.members([
        `{upstream="stats",direction="up"} ${GET.length}`,
        '{upstream="stats",direction="down"} 0',
      ]);
      expect(linesOf(text, 'brownout_sent_bytes_total')).to.have.members([
        '{upstream="stats",direction="up"} 0',
        `{upstream="stats",direction="down"} ${client.text.length}`,
      ]);
    }));

  it('have no label for runs, and no proxy of Toxiproxy for their listeners', () =>
    withMetrics(async ({ read, open }) => {
      for (const run of ['a', 'b', 'c']) {
        const { url } = await open({ run });
        await send(url + PATH);
      }
      const text = await read();
      expect(linesOf(text, 'brownout_exchanges_total')).to.deep.equal([
        '{upstream="stats",call="leaderboard",end="answered"} 3',
      ]);
      expect(text).not.to.match(/run=/);
      expect(linesOf(text, 'toxiproxy_proxy_sent_bytes_total')).to.deep.equal([]);
    }));

  it('time one in sixteen of the decisions on requests', () =>
    withMetrics(async ({ read, connect }) => {
      const client = connect();
      client.send(GET.repeat(33));
      for (let i = 0; i < 33; i++) await client.answer();
      const text = await read();
      const name = 'brownout_rule_evaluation_seconds';
      expect(linesOf(text, `${name}_count`)).to.deep.equal([' 3']);
      expect(linesOf(text, `${name}_bucket{le="+Inf"}`)).to.deep.equal([' 3']);
      const counts = linesOf(text, `${name}_bucket`).map((line) => Number(line.split(' ')[1]));
      expect(counts).to.deep.equal([...counts].sort((a, b) => a - b));
      const [sum = ''] = linesOf(text, `${name}_sum`);
      expect(Number(sum)).to.be.above(0).and.below(1);
      expect(text).to.include(`# TYPE ${name} histogram`);
      expect(text).to.match(/# HELP brownout_rule_evaluation_seconds .*one in 16/);
    }));

  it('do not grow without end where names do', () =>
    withMetrics(async ({ proxy, read }) => {
      for (let i = 0; i < 1100; i++) {
        proxy.meters.tally.ended(`u${i}`, null, 'answered');
        proxy.meters.tally.fired('stats', `f${i}`);
      }
      const text = await read();
      expect(linesOf(text, 'brownout_exchanges_total')).to.have.length(1000);
      expect(text).to.match(/upstream="\(others\)",call="",end="answered"} 10\d\n/);
    }));

  it('come in the form that Prometheus reads, also where a name has quotes', () =>
    withMetrics(async ({ read, open }) => {
      await open({ name: 'a"b\\c\nd', calls: {} });
      const text = await read();
      expect(text).to.include('brownout_links{upstream="a\\"b\\\\c\\nd"} 0');
      for (const line of text.split('\n'))
        expect(line).to.match(/^$|^# (HELP|TYPE) \w+ |^\w+(\{.*\})? [\d.e+-]+$/);
    }));
});

function linesOf(text: string, name: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(name) && /^[{ "]/.test(line.slice(name.length)))
    .map((line) => line.slice(name.length));
}

type Metered = Rig & { readonly read: () => Promise<string> };

function withMetrics(test: (metered: Metered) => Promise<void>): Promise<void> {
  return withControl({}, async (_ask, rig, url) => {
    const read = async () => {
      const { status, response, body } = await send(`${url}/metrics`);
      expect(status).to.equal(200);
      expect(response.headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
      return body.toString();
    };
    await test({ ...rig, read });
  });
}
