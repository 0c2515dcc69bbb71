import { expect } from 'chai';
import { createTraceCounts } from '../../../src/proxy/trace-counts.ts';
import { BODY, GET, send, withRig } from '../rig.ts';
import { ask, planned, traceparent } from './planned.ts';

const PATH = '/leaderboards/duke';
const PLANS = { plans: true };

describe('the plan of a request', () => {
  it('acts on that request alone, and is in the journal', () =>
    withRig(PLANS, async (rig) => {
      const answers = await Promise.all([
        ask(rig, PATH),
        ask(rig, PATH, 'leaderboard=status:503'),
        ask(rig, PATH),
      ]);
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 503, 200]);
      expect(answers[1]?.response.headers).to.include({ 'x-brownout-fault': 'status' });
      const entries = await rig.completed(3);
      const [acted] = entries.filter(({ status }) => status === 503);
      expect(acted).to.include({ plan: 'leaderboard=status:503', call: 'leaderboard' });
      expect(acted?.matched).to.deep.equal(['plan']);
      expect(acted?.injected[0]).to.include({ rule: 'plan', fault: 'status', phase: 'request' });
      for (const other of entries.filter(({ status }) => status === 200)) {
        expect(other)
          .to.include({ end: 'answered' })
          .and.not.to.have.any.keys('plan', 'planProblem');
      }
    }));

  it('leaves requests alone that it does not mean', () =>
    withRig(PLANS, async (rig) => {
      expect((await ask(rig, '/stats/ann', 'leaderboard=status:503')).status).to.equal(200);
      const [entry] = await rig.completed(1);
      expect(entry).not.to.have.any.keys('plan', 'planProblem');
      expect(entry?.matched).to.deep.equal([]);
    }));

  it('means every request to an upstream that it names', () =>
    withRig(PLANS, async (rig) => {
      for (const path of [PATH, '/stats/ann', '/elsewhere'])
        expect((await ask(rig, path, 'stats=status:418')).status).to.equal(418);
    }));

  it('may hold several faults, and act together with rules that stand', () =>
    withRig(PLANS, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { 'content-type': 'text/x' } }]);
      const plan = 'player-stats=hang+leaderboard=malformed-json+stats=latency:1ms';
      const answer = await ask(rig, PATH, plan);
      expect(() => JSON.parse(answer.body.toString())).to.throw();
      expect(answer.response.headers).to.include({ 'content-type': 'text/x' });
      const [entry] = await rig.completed(1);
      expect(entry?.injected.map(({ rule, fault }) => `${rule} ${fault}`)).to.deep.equal([
        'plan latency',
        'plan malformed-json',
        'r1 content-type',
      ]);
      expect(entry?.matched).to.deep.equal(['plan', 'r1']);
    }));

  it('comes before the rules that stand, where only one can answer', () =>
    withRig(PLANS, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { status: 500 } }]);
      expect((await ask(rig, PATH, 'leaderboard=status:503')).status).to.equal(503);
    }));

  it('never reaches the upstream', () => {
    const got: (string | undefined)[] = [];
    return withRig(
      {
        ...PLANS,
        handler(request, response) {
          got.push(request.headers['baggage'] as string | undefined);
          response.end();
        },
      },
      async (rig) => {
        for (const plan of ['leaderboard=latency:1ms', 'player-stats=hang']) {
          const baggage = `a=1,brownout.plan=${plan},b=2`;
          await send(rig.url + PATH, { headers: { baggage } });
          await send(rig.url + PATH, { headers: { baggage: `brownout.plan=${plan}` } });
        }
        expect(got).to.deep.equal(['a=1,b=2', undefined, 'a=1,b=2', undefined]);
      },
    );
  });

  it('hangs until its client leaves, and holds nothing else', () =>
    withRig(PLANS, async (rig) => {
      const client = rig.connect();
      client.send(planned('leaderboard=hang'));
      await rig.entriesWhen(([entry]) => entry?.injected.length === 1);
      expect((await ask(rig, PATH)).body.toString()).to.equal(BODY);
      client.destroy();
      const [entry] = await rig.completed(2);
      expect(entry).to.include({ end: 'client-gone', plan: 'leaderboard=hang' });
    }));

  it('cuts the connection of its own request', () =>
    withRig(PLANS, async (rig) => {
      const client = rig.connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
      client.send(planned('leaderboard=reset'));
      expect(await client.ended).to.equal('rst');
      expect((await rig.completed(2))[1]).to.include({ end: 'reset' });
    }));

  it('may be written with percent-encoding, as baggage wants it, or as it is', () =>
    withRig(PLANS, async (rig) => {
      for (const plan of ['leaderboard=status:503', encodeURIComponent('leaderboard=status:503')])
        expect((await ask(rig, PATH, plan, true)).status).to.equal(503);
      expect(await ask(rig, PATH, 'leaderboard=truncate:50%', true).catch(codeOf)).to.equal(
        'ECONNRESET',
      );
    }));

  it('acts within a run, too', () =>
    withRig(PLANS, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { headers: { 'x-run': 'a' } } }], 'a');
      const baggage = 'brownout.run=a,brownout.plan=leaderboard=malformed-json';
      const { response } = await send(rig.url + PATH, { headers: { baggage } });
      expect(response.headers).to.include({ 'x-run': 'a' });
      expect((await rig.completed(1))[0]).to.include({
        run: 'a',
        plan: 'leaderboard=malformed-json',
      });
    }));

  it('draws by the seed, the plan and the request alone, so that one request can be repeated', async () => {
    const plan = 'leaderboard=corrupt:0.2';
    const drawn = async (seed: string, path: string, before: number) => {
      let body = '';
      await withRig({ ...PLANS, seed }, async (rig) => {
        for (let i = 0; i < before; i++) await ask(rig, path, plan);
        body = (await ask(rig, path, plan)).body.toString('latin1');
      });
      return body;
    };
    const first = await drawn('one', PATH, 0);
    expect(first).not.to.equal(BODY);
    expect(await drawn('one', PATH, 3)).to.equal(first);
    expect(await drawn('two', PATH, 0)).not.to.equal(first);
    expect(await drawn('one', '/leaderboards/nukem', 0)).not.to.equal(first);
  });
});

describe('a plan that means the n-th request', () => {
  it('counts the requests of one trace, call by call', () =>
    withRig(PLANS, async (rig) => {
      const plan = 'leaderboard#2=status:502+player-stats#1=status:501+stats#3=status:503';
      const statuses = async (trace: string) => {
        const seen = [];
        for (const path of [PATH, PATH, '/stats/ann', PATH]) {
          const { status } = await ask(rig, path, plan, false, traceparent(trace));
          seen.push(status);
        }
        return seen;
      };
      const [a, b] = await Promise.all([statuses('a'), statuses('b')]);
      expect(a).to.deep.equal([200, 502, 501, 200]);
      expect(b).to.deep.equal(a);
    }));

  it('takes every request without a trace for the first', () =>
    withRig(PLANS, async (rig) => {
      for (const trace of [undefined, 'nonsense']) {
        for (const [plan, status] of [
          ['leaderboard#1=status:503', 503],
          ['leaderboard#2=status:503', 200],
        ] as const)
          for (let i = 0; i < 2; i++)
            expect((await ask(rig, PATH, plan, false, trace)).status).to.equal(status);
      }
    }));

  it('is counted no longer where a trace was used longest ago', () => {
    const counts = createTraceCounts(2);
    const count = (trace: string) => counts.next(trace, 'stats leaderboard');
    expect(['a', 'b', 'a', 'c', 'a', 'b'].map(count)).to.deep.equal([1, 1, 2, 1, 3, 1]);
  });
});

function codeOf(error: NodeJS.ErrnoException): string | undefined {
  return error.code;
}
