import { expect } from 'chai';
import type { BrownoutError } from '../../../src/common/errors.ts';
import type { OpenUpstream } from '../../../src/proxy/proxy.ts';
import { GET, send, withRig, type Rig } from '../rig.ts';
import { echo, withTcp } from '../tcp-rig.ts';

const PATH = '/leaderboards/duke';
const BROKEN = { on: 'leaderboard', inject: { status: 503 } };

describe('a listener that is lent to one run after another', () => {
  it('obeys the rules of the run that has it, on connections that stay open', () =>
    withRig({}, async (rig) => {
      const upstream = first(rig);
      const client = rig.connect();
      const statuses: unknown[] = [];
      for (const run of ['a', 'b', undefined]) {
        upstream.lend(run);
        expect(upstream.run).to.equal(run);
        if (run !== undefined) await rig.control.add([BROKEN], run);
        client.send(GET);
        const answer = await client.answer();
        statuses.push(typeof answer === 'string' ? answer : answer.status);
        await rig.control.clear(run ?? 'none');
      }
      expect(statuses).to.deep.equal([503, 503, 200]);
      const entries = await rig.completed(3);
      expect(entries.map(({ run }) => run)).to.deep.equal(['a', 'b', null]);
      expect(rig.reached).to.have.length(1);
    }));

  it('leaves what is under way to the run that began it', () => {
    const answers: (() => void)[] = [];
    return withRig(
      { handler: (_, response) => void answers.push(() => response.end('late')) },
      async (rig) => {
        const upstream = first(rig);
        upstream.lend('a');
        const late = send(rig.url + PATH);
        await rig.entriesWhen(() => answers.length === 1);
        upstream.lend('b');
        answers[0]?.();
        expect((await late).status).to.equal(200);
        const { entries } = await rig.control.journal({ run: 'a' });
        expect(entries).to.have.length(1);
        expect((await rig.control.journal({ run: 'b' })).entries).to.deep.equal([]);
      },
    );
  });

  it('leaves a request to another run that it names itself', () =>
    withRig({}, async (rig) => {
      first(rig).lend('b');
      await rig.control.add([BROKEN], 'b');
      const ask = (baggage: string) => send(rig.url + PATH, { headers: { baggage } });
      expect((await ask('brownout.run=a')).status).to.equal(200);
      expect((await ask('brownout.run=b')).status).to.equal(503);
      expect((await ask('other=1')).status).to.equal(503);
      const entries = await rig.completed(3);
      expect(entries.map(({ run }) => run)).to.deep.equal(['a', 'b', 'b']);
    }));

  it('is not lent while rules stand that would have to be put back, or done', () =>
    withRig({}, async (rig) => {
      const upstream = first(rig);
      const code = () => {
        try {
          upstream.lend('b');
          return undefined;
        } catch (error) {
          return (error as BrownoutError).code;
        }
      };
      upstream.lend('a');
      for (const run of ['a', 'b']) {
        await rig.control.add([{ on: 'stats', inject: 'refuse' }], run);
        expect(code()).to.equal('rules_stand');
        await rig.control.clear(run);
      }
      expect(code()).to.equal(undefined);
    }));
});

describe('a tcp listener that is lent to one run after another', () => {
  it('has an entry for each run of a connection that stays open, with what each moved', () =>
    withTcp(echo, async ({ proxy, dial, control, entriesWhen }) => {
      const upstream = proxy.upstreams.find(({ name }) => name === 'db') as OpenUpstream;
      upstream.lend('a');
      const client = dial();
      client.send('1234');
      await client.until((text) => text.length === 4);
      upstream.lend('b');
      client.send('12');
      await client.until((text) => text.length === 6);
      await control.add([{ on: 'db', inject: 'reset' }], 'b');
      expect(await client.ended).to.equal('rst');
      const entries = await entriesWhen((all) => all.every(({ end }) => end !== 'pending'));
      expect(
        entries.map(({ run, bytesIn, bytesOut, end }) => ({ run, bytesIn, bytesOut, end })),
      ).to.deep.equal([
        { run: 'a', bytesIn: 4, bytesOut: 4, end: 'answered' },
        { run: 'b', bytesIn: 2, bytesOut: 2, end: 'reset' },
      ]);
      expect(entries.map(({ injected }) => injected.length)).to.deep.equal([0, 1]);
    }));
});

function first({ proxy }: Rig): OpenUpstream {
  return proxy.upstreams[0] as OpenUpstream;
}
