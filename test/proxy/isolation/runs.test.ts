import { expect } from 'chai';
import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { BODY, send, withRig, type Answered, type Rig } from '../rig.ts';

const PATH = '/leaderboards/duke';
const BROKEN = { on: 'leaderboard', inject: { status: 503 } };

describe('a run that requests name in their baggage', () => {
  it('has its own rules, and those of all', () =>
    withRig({}, async (rig) => {
      await rig.control.add([BROKEN], 'a');
      await rig.control.add([{ on: 'player-stats', inject: { status: 500 } }]);
      expect((await ask(rig, PATH, 'a')).status).to.equal(503);
      expect((await ask(rig, PATH, 'b')).status).to.equal(200);
      expect((await ask(rig, PATH)).status).to.equal(200);
      for (const run of ['a', 'b', undefined])
        expect((await ask(rig, '/stats/ann', run)).status).to.equal(500);
      const entries = await rig.completed(6);
      expect(entries.map(({ run }) => run)).to.deep.equal(['a', 'b', null, 'a', 'b', null]);
      const { entries: own } = await rig.control.journal({ run: 'a' });
      expect(own.map(({ status }) => status)).to.deep.equal([503, 500]);
    }));

  it('is that of each request, not of its connection', () =>
    withRig({}, async (rig) => {
      await rig.control.add([BROKEN], 'a');
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      try {
        const seen = [];
        for (const run of ['a', 'b', 'a']) {
          const headers = { baggage: `x=1, brownout.run=${run}` };
          const sent = request(rig.url + PATH, { agent, headers }).end();
          const [response] = (await once(sent, 'response')) as [Answered['response']];
          await response.toArray();
          seen.push([response.statusCode, sent.reusedSocket]);
        }
        expect(seen).to.deep.equal([
          [503, false],
          [200, true],
          [503, true],
        ]);
      } finally {
        agent.destroy();
      }
    }));

  it('counts its triggers alone', () =>
    withRig({}, async (rig) => {
      for (const run of ['a', 'b'])
        await rig.control.add([{ ...BROKEN, trigger: { first: 1 } }], run);
      const statuses = [];
      for (const run of ['a', 'b', 'a', 'b']) statuses.push((await ask(rig, PATH, run)).status);
      expect(statuses).to.deep.equal([503, 503, 200, 200]);
    }));

  it('is lifted alone', () =>
    withRig({}, async (rig) => {
      for (const run of ['a', 'b']) await rig.control.add([BROKEN], run);
      expect(await rig.control.clear('a')).to.equal(1);
      expect((await ask(rig, PATH, 'a')).status).to.equal(200);
      expect((await ask(rig, PATH, 'b')).status).to.equal(503);
    }));

  it('sees a hang end for itself alone when its rules are lifted', () =>
    withRig({}, async (rig) => {
      for (const run of ['a', 'b'])
        await rig.control.add([{ on: 'leaderboard', inject: 'hang' }], run);
      const [a, b] = [ask(rig, PATH, 'a'), ask(rig, PATH, 'b')];
      await rig.entriesWhen(
        (all) => all.filter(({ injected }) => injected.length > 0).length === 2,
      );
      await rig.control.clear('a');
      expect((await a).body.toString()).to.equal(BODY);
      const ends = (await rig.control.journal()).entries.map(({ run, end }) => `${run} ${end}`);
      expect(ends).to.include('b pending');
      await rig.control.clear('b');
      expect((await b).body.toString()).to.equal(BODY);
    }));

  it('is not forgotten with another', () =>
    withRig({}, async (rig) => {
      for (const run of ['a', 'b']) await ask(rig, PATH, run);
      await rig.completed(2);
      await rig.control.forget('a');
      const { entries } = await rig.control.journal();
      expect(entries.map(({ run }) => run)).to.deep.equal(['b']);
    }));
});

describe('what strangers may fill the journal with, by naming runs', () => {
  it('is bounded in runs: the one that was used longest ago goes first, and says so', () =>
    withRig({}, async (rig) => {
      await ask(rig, PATH, 'first');
      await ask(rig, PATH, 'read');
      for (let i = 0; i < 999; i++) {
        await ask(rig, PATH, `stranger ${i}`);
        // Who is interested in a run keeps it.
        if (i % 100 === 0) await rig.control.journal({ run: 'read' });
      }
      const kept = async (run: string) => {
        const { entries, overflowed } = await rig.control.journal({ run });
        return [entries.length, overflowed];
      };
      expect(await kept('first')).to.deep.equal([0, true]);
      expect(await kept('read')).to.deep.equal([1, false]);
      expect(await kept('stranger 998')).to.deep.equal([1, false]);
      expect(await kept('never there')).to.deep.equal([0, false]);
      expect(await rig.control.journal()).to.have.property('overflowed', true);
      await ask(rig, PATH, 'first');
      expect(await kept('first'), 'come back, but not whole').to.deep.equal([1, true]);
      await rig.control.forget('first');
      expect(await kept('first')).to.deep.equal([0, false]);
    }));

  it('never drops a run that rules have come for, or that has a listener', () =>
    withRig({}, async (rig) => {
      const own = await rig.open({ run: 'own' });
      await send(own.url + PATH);
      await ask(rig, PATH, 'ruled');
      await rig.control.add([BROKEN], 'ruled');
      await rig.control.clear('ruled');
      for (let i = 0; i < 1100; i++) await ask(rig, PATH, `stranger ${i}`);
      for (const run of ['own', 'ruled']) {
        const { entries, overflowed } = await rig.control.journal({ run });
        expect([entries.length, overflowed], run).to.deep.equal([1, false]);
      }
    }));
});

function ask({ url }: Rig, path: string, run?: string): Promise<Answered> {
  const headers = run === undefined ? {} : { baggage: `brownout.run=${encodeURIComponent(run)}` };
  return send(url + path, { headers });
}
