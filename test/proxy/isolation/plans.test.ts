import { expect } from 'chai';
import { createTraceCounts } from '../../../src/proxy/trace-counts.ts';
import { BODY, GET, send, withRig, type Answered, type Rig } from '../rig.ts';

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

describe('a plan that is wrong', () => {
  for (const [name, plan, error] of [
    [
      'an unknown call',
      'leaderbord=hang',
      '"leaderbord=hang": unknown upstream or call "leaderbord", did you mean "leaderboard"?',
    ],
    [
      'an unknown fault',
      'leaderboard=hnag',
      '"leaderboard=hnag": unknown fault "hnag", did you mean "hang"?',
    ],
    ['nonsense', '%00%ff%%%', 'expected call=fault or call=fault:parameter'],
    ['nothing', '', '"": empty: expected call=fault'],
    [
      'a fault on connections',
      'stats=refuse',
      'refuse acts on connections, before a request is read: use a rule',
    ],
    [
      'more than 1 KB',
      `leaderboard=redirect:/${'x'.repeat(1024)}`,
      'the plan is longer than 1024 bytes: use rules',
    ],
  ] as const) {
    it(`refuses the request, and says why: ${name}`, () =>
      withRig(PLANS, async (rig) => {
        await rig.control.add([{ on: 'stats', match: { path: '/*any' }, inject: { status: 500 } }]);
        const client = rig.connect();
        const body = 'x'.repeat(1000);
        client.send(
          `POST ${PATH} HTTP/1.1\r\nHost: stats\r\nbaggage: brownout.plan=${plan}\r\nContent-Length: 1000\r\n\r\n${body}`,
        );
        const answer = await client.answer();
        expect(answer).to.include({ status: 400 });
        const { head, body: told } = answer as { head: string; body: string };
        expect(head)
          .to.match(/content-type: application\/json/i)
          .and.not.match(/x-brownout-fault/i);
        const said = JSON.parse(told) as { error: string; status: number };
        expect(said).to.have.all.keys('error', 'status');
        expect(said.status).to.equal(400);
        expect(said.error)
          .to.include("brownout.plan in the request's baggage: ")
          .and.include(error);
        const [entry] = await rig.completed(1);
        expect(entry).to.include({ status: 400, end: 'answered', bytesOut: client.text.length });
        expect(entry).to.have.property('planProblem').that.includes(error);
        expect(entry?.matched).to.deep.equal([]);
        expect(rig.reached).to.deep.equal([]);
        await rig.control.clear();
        client.send(GET);
        expect(await client.answer(), 'the connection goes on').to.include({ status: 200 });
      }));
  }

  it('is refused on every upstream, whichever it would mean', () =>
    withRig(PLANS, async (rig) => {
      expect((await ask(rig, '/elsewhere', 'nothing=hang')).status).to.equal(400);
    }));

  it('is in no way of 1 KB that is right', () =>
    withRig(PLANS, async (rig) => {
      const plan = 'leaderboard=redirect:/';
      const longest = plan + 'x'.repeat(1024 - plan.length);
      expect((await ask(rig, PATH, longest, true)).status).to.equal(302);
      expect((await ask(rig, PATH, `${longest}x`, true)).status).to.equal(400);
    }));
});

describe('where plans are not allowed', () => {
  for (const plan of ['leaderboard=status:503', 'nonsense', 'x'.repeat(5000)]) {
    it(`a plan is ignored, and the journal says so: ${plan.slice(0, 30)}`, () =>
      withRig({}, async (rig) => {
        const { status, response } = await ask(rig, PATH, plan);
        expect(status).to.equal(200);
        expect(response.headers).not.to.have.property('x-brownout-fault');
        const [entry] = await rig.completed(1);
        expect(entry).to.include({
          status: 200,
          planProblem: 'ignored: this proxy was not started with plans allowed',
        });
        expect(entry).not.to.have.property('plan');
      }));
  }
});

/** @param asIs the plan goes into the baggage without being encoded */
function ask(
  { url }: Rig,
  path: string,
  plan?: string,
  asIs = false,
  trace?: string,
): Promise<Answered> {
  const headers = {
    ...(plan === undefined
      ? {}
      : { baggage: `brownout.plan=${asIs ? plan : encodeURIComponent(plan)}` }),
    ...(trace === undefined ? {} : { traceparent: trace }),
  };
  return send(url + path, { headers });
}

function planned(plan: string, ...fields: readonly string[]): string {
  const lines = [`baggage: brownout.plan=${plan}`, ...fields].join('\r\n');
  return GET.replace('\r\n\r\n', `\r\n${lines}\r\n\r\n`);
}

function traceparent(trace: string): string {
  const id = Buffer.from(trace.padEnd(16, '.')).toString('hex');
  return `00-${id}-b7ad6b7169203331-01`;
}

function codeOf(error: NodeJS.ErrnoException): string | undefined {
  return error.code;
}
