import { once } from 'node:events';
import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { rawClient } from '../../../helpers/raw-client.ts';
import { settledMemory } from '../../hostile/memory.ts';
import { send as fetchOnce } from '../../rig.ts';
import { atOnce, statuses, withWorld } from './with-world.ts';

describe('event streams', function () {
  this.timeout(180_000);

  it('do not fill the memory where nobody reads, and tell the reader afterwards what it has lost', () =>
    withWorld(async (send, { proxy, control }) => {
      const idle = rawClient(control.url);
      idle.send(EVENTS);
      expect(await idle.until((text) => text.includes('\r\n\r\n'))).to.equal(undefined);
      idle.pause();
      await churn(2000);
      const before = await settledMemory();
      await churn(20_000);
      const grown = (await settledMemory()) - before;
      // 20,000 times come and gone, of 4 KB each, are more than 80 MB.
      expect(grown / 1024 ** 2, 'MB of memory').to.be.below(16);
      expect((await send('GET /v1/rules')).status).to.equal(200);
      idle.resume();
      expect(await idle.until((text) => /event: ?lost/.test(text))).to.equal(undefined);
      idle.destroy();

      async function churn(times: number): Promise<void> {
        for (let i = 0; i < times; i++) {
          const [rule] = await proxy.control.add([HEAVY]);
          await proxy.control.remove(rule?.id ?? '');
        }
      }
    }));

  it('do not fill the memory where this process does not read', () =>
    withWorld(async (_send, { proxy }) => {
      const leave = new AbortController();
      const events = proxy.control.events(leave.signal)[Symbol.asyncIterator]();
      const first = events.next();
      const churn = async (times: number) => {
        for (let i = 0; i < times; i++) {
          const [rule] = await proxy.control.add([HEAVY]);
          await proxy.control.remove(rule?.id ?? '');
        }
      };
      await churn(2000);
      await first;
      const before = await settledMemory();
      await churn(20_000);
      expect(((await settledMemory()) - before) / 1024 ** 2, 'MB of memory').to.be.below(16);
      let event = await events.next();
      while (!event.done && event.value.type !== 'lost') event = await events.next();
      expect(event.value).to.have.property('count').that.is.above(0);
      leave.abort();
      for (let last = await events.next(); !last.done;) last = await events.next();
    }));

  it('reach 1,000 clients, and cost nothing when they have gone', () =>
    withWorld(async (send, { control }) => {
      const follow = await followers(control.url, 1000);
      const told = follow.map((follower) => follower.said('r1'));
      await send('POST /v1/rules', { rules: [RULE] });
      await Promise.all(told);
      const { ms } = await send('DELETE /v1/rules');
      expect(ms).to.be.below(10_000);
      for (const [i, { sent, response }] of follow.entries()) {
        if (i % 2 === 0) sent.destroy();
        else response.socket.resetAndDestroy();
      }
      const before = await settledMemory();
      for (let i = 0; i < 200; i++) {
        await send('POST /v1/rules', { rules: [RULE] });
        await send('DELETE /v1/rules');
      }
      expect(((await settledMemory()) - before) / 1024 ** 2).to.be.below(16);
    }));

  it('keep coming and going without a trace, while requests are answered', () =>
    withWorld(async (send, { control, stats }) => {
      await send('POST /v1/rules', { rules: [{ on: 'stats', inject: { status: 503 } }] });
      const round = async (clients: number) => {
        const follow = await followers(control.url, clients);
        await atOnce(20, () => fetchOnce(`http://${stats}/rows`));
        for (const { sent } of follow) sent.destroy();
      };
      await round(100);
      const before = await settledMemory();
      for (let i = 0; i < 20; i++) await round(100);
      expect(((await settledMemory()) - before) / 1024 ** 2).to.be.below(16);
    }));

  it('end, with all that is under way, when the control is disposed', () =>
    withWorld(async (send, { control, proxy, addresses }) => {
      await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      const follow = await followers(control.url, 50);
      const half = rawClient(control.url);
      half.send('POST /populate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n[{"na');
      const quiet = rawClient(control.url);
      const going = atOnce(200, (i) =>
        send(i % 2 === 0 ? 'POST /reset' : 'PATCH /proxies/p', { enabled: i % 4 === 1 }).catch(
          (error: unknown) => error,
        ),
      );
      await send('GET /version');
      const closed = follow.map(({ response }) => once(response, 'close'));
      await control[Symbol.asyncDispose]();
      await Promise.all([...closed, half.ended, quiet.ended, going]);
      for (const client of [half, quiet]) client.destroy();
      // The faults stand without their control, and can be lifted by who holds the proxy.
      expect(proxy.upstreams.map(({ name }) => name)).to.include('stats');
      expect(await proxy.control.clear()).to.equal(0);
      expect(addresses['@1']).to.be.a('string');
    }));

  it('end when the proxy is disposed, and changes that were under way leave no port', () =>
    withWorld(async (send, { control, proxy }) => {
      const follow = await followers(control.url, 20);
      const ended = follow.map(({ response }) => once(response, 'end'));
      const going = atOnce(100, (i) =>
        send('POST /proxies', { name: `p${i}`, listen: '@any', upstream: '@A' }),
      );
      while (proxy.upstreams.length < 5) await new Promise((resolve) => setTimeout(resolve, 1));
      await proxy[Symbol.asyncDispose]();
      await Promise.all(ended);
      const counts = statuses(await going);
      expect(counts[500], JSON.stringify(counts)).to.be.above(0);
      expect(proxy.upstreams).to.deep.equal([]);
    }));

  it('wait for nothing that comes after the proxy is disposed', () =>
    withWorld(async (send, { control, proxy }) => {
      await proxy[Symbol.asyncDispose]();
      await send('POST /v1/arm', { rule: RULE });
      await send('POST /v1/rules', { rules: [{ ...RULE, trigger: { for: '1h' } }] });
      const [follower] = await followers(control.url, 1);
      await once((follower as Follower).response, 'close');
    }));
});

interface Follower {
  readonly sent: ClientRequest;
  readonly response: IncomingMessage;
  /** Resolves when this was told. */
  said(text: string): Promise<void>;
}

function followers(url: string, count: number): Promise<Follower[]> {
  return atOnce(count, async () => {
    const sent = get(`${url}/v1/events`, { agent: false });
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    expect(response.statusCode).to.equal(200);
    let all = '';
    const watches = new Set<() => void>();
    sent.on('error', () => {});
    response.on('error', () => {});
    response.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      for (const watch of watches) watch();
    });
    const said = (text: string) =>
      new Promise<void>((resolve) => {
        const watch = () => {
          if (all.includes(text)) resolve();
        };
        watches.add(watch);
        watch();
      });
    return { sent, response, said };
  });
}

const EVENTS = 'GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n';
const RULE = { on: 'stats', match: 'GET /never', inject: { status: 503 } };
const HEAVY = { ...RULE, inject: { status: 503, body: 'x'.repeat(4000) } };
