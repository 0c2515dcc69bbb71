import { expect } from 'chai';
import { GET, withRig } from '../rig.ts';
import { ask } from './planned.ts';

const PATH = '/leaderboards/duke';
const PLANS = { plans: true };

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

  it('is told of briefly, however much is wrong with it', () =>
    withRig(PLANS, async (rig) => {
      const { status, body } = await ask(rig, PATH, 'x=y+'.repeat(256), true);
      expect(status).to.equal(400);
      expect(body.length).to.be.below(2500);
      const [entry] = await rig.completed(1);
      expect(entry?.planProblem).to.match(/^"x=y": unknown/);
      expect(entry?.planProblem?.length).to.equal(1001);
    }));

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
