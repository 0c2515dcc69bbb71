import { expect } from 'chai';
import { InvalidError } from '../../../src/common/errors.ts';
import { GET, send } from '../rig.ts';
import { startBoth, until, WHERES } from './with-both.ts';

const PATH = '/leaderboards/duke';
const RULE = { on: 'leaderboard', inject: { status: 503 } };

for (const where of WHERES) {
  describe(`a rule that is armed ${where}`, () => {
    it('breaks exactly one of fifty requests that come at once', async () => {
      await using both = await startBoth(where);
      const before = Date.now();
      // It acts for so long that all the others come meanwhile.
      const slow = { on: 'leaderboard', inject: [{ latency: '300ms' }, { status: 503 }] };
      const armed = await both.control.arm(slow);
      expect(armed).to.deep.include({ id: 'r1', on: 'leaderboard' });
      expect(armed.until).to.be.within(before + 59_000, Date.now() + 61_000);
      expect(await both.control.rules()).to.deep.equal([armed]);
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => send(both.url + PATH).then(({ status }) => status)),
      );
      expect(answers.filter((status) => status === 503)).to.have.length(1);
      expect(answers.filter((status) => status === 200)).to.have.length(49);
      expect(await both.control.rules()).to.deep.equal([]);
      const fired = (await both.completed(50)).filter(({ injected }) => injected.length > 0);
      expect(fired).to.have.length(1);
      expect(fired[0]?.injected.map(({ fault }) => fault)).to.deep.equal(['latency', 'status']);
      expect(fired[0]?.matched).to.deep.equal(['r1']);
    });

    it('breaks exactly one of many connections that come at once', async () => {
      await using both = await startBoth(where);
      await both.control.arm({
        on: 'stats',
        inject: [{ latency: '300ms', at: 'accept' }, 'close'],
      });
      const clients = Array.from({ length: 20 }, () => both.connect());
      for (const client of clients) client.send(GET);
      const answers = await Promise.all(clients.map((client) => client.answer()));
      expect(answers.filter((answer) => answer === 'fin')).to.have.length(1);
      expect(await both.control.rules()).to.deep.equal([]);
    });

    it('leaves a connection that is open alone, but not the next request on it', async () => {
      await using both = await startBoth(where);
      const client = both.connect();
      client.send(GET);
      await client.answer();
      await both.control.arm({ on: 'stats', inject: 'reset' });
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
      expect(await both.control.rules()).to.have.length(1);
      await both.control.arm(RULE);
      client.send(GET);
      expect(await client.answer()).to.include({ status: 503 });
      expect(await both.connect().ended).to.equal('rst');
      expect(await both.control.rules()).to.deep.equal([]);
    });

    it('stands until the exchange that it acts on is over', async () => {
      await using both = await startBoth(where);
      await both.control.arm({ on: 'leaderboard', inject: 'hang' });
      const hung = both.connect();
      hung.send(GET);
      await until(async () => (await both.control.journal()).entries[0]?.injected.length === 1);
      expect(await both.control.rules()).to.have.length(1);
      const other = both.connect();
      other.send(GET);
      expect(await other.answer()).to.include({ status: 200 });
      hung.destroy();
      await until(async () => (await both.control.rules()).length === 0);
      const [first] = await both.completed(2);
      expect(first).to.include({ end: 'client-gone' });
    });

    it('lets its exchange go on as if healthy when its time is over', async () => {
      await using both = await startBoth(where);
      await both.control.arm({ on: 'leaderboard', inject: 'hang' }, { ttlMs: 300 });
      const hung = both.connect();
      hung.send(GET);
      expect(await hung.answer()).to.include({ status: 200 });
      const [entry] = await both.completed(1);
      expect(entry?.injected[0]).to.include({ fault: 'hang' });
      expect(await both.control.rules()).to.deep.equal([]);
    });

    it('is lifted when its time is over and nothing came', async () => {
      await using both = await startBoth(where);
      const armed = await both.control.arm(RULE, { ttlMs: 20 });
      await until(async () => (await both.control.rules()).length === 0);
      expect(Date.now()).to.be.at.least(armed.until - 1);
      expect((await send(both.url + PATH)).status).to.equal(200);
    });

    it('acts on what comes in for its run only', async () => {
      await using both = await startBoth(where);
      const armed = await both.control.arm(RULE, { run: 'a' });
      expect(armed).to.include({ id: 'a.r1', run: 'a' });
      expect((await send(both.url + PATH)).status).to.equal(200);
      expect(await both.control.rules('a')).to.have.length(1);
    });

    it('is lifted like any other rule, and not replaced', async () => {
      await using both = await startBoth(where);
      await both.control.arm(RULE);
      const error: unknown = await both.control.replace('r1', RULE).catch((e: unknown) => e);
      expect(error).to.include({ code: 'armed' }).and.have.property('message').that.includes('r1');
      expect(await both.control.remove('r1')).to.equal(true);
      await both.control.arm(RULE);
      expect(await both.control.clear()).to.equal(1);
      expect((await send(both.url + PATH)).status).to.equal(200);
    });

    const refused: readonly [string, unknown, number | undefined, string, RegExp][] = [
      ['a trigger', { ...RULE, trigger: { first: 2 } }, undefined, 'trigger', /acts once/],
      ['a wrong rule', { on: 'x', inject: 'hang' }, undefined, 'on', /unknown upstream/],
      ['no rule', undefined, undefined, '', /object/],
      ['a fault on the port', { on: 'stats', inject: 'refuse' }, undefined, 'inject', /as a rule/],
      [
        'faults of two kinds',
        { on: 'stats', inject: [{ latency: '1s', at: 'accept' }, { status: 503 }] },
        undefined,
        'inject',
        /one by one/,
      ],
      ['no time', RULE, 0, 'ttl', /1ms to 1h/],
      ['too long a time', RULE, 3_600_001, 'ttl', /1ms to 1h/],
      ['a time that is none', RULE, NaN, 'ttl', /duration|1ms to 1h/],
    ];
    for (const [what, rule, ttlMs, path, message] of refused) {
      it(`is refused with ${what}`, async () => {
        await using both = await startBoth(where);
        const error: unknown = await both.control
          .arm(rule, ttlMs === undefined ? {} : { ttlMs })
          .catch((e: unknown) => e);
        expect(error).to.be.instanceOf(InvalidError);
        const [problem] = (error as InvalidError).problems;
        expect(problem?.path.join('.')).to.equal(path);
        expect(problem?.message).to.match(message);
        expect(await both.control.rules()).to.deep.equal([]);
      });
    }
  });
}
