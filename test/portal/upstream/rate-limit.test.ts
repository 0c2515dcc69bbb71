import { expect } from 'chai';
import { CallFailure } from '../../../src/portal/upstream/failure.ts';
import { createRateLimit, type RateLimit } from '../../../src/portal/upstream/rate-limit.ts';
import { PAGE, startPortalUnderTest } from '../portal-under-test.ts';
import { startStub, text } from '../stub-stats.ts';
import { CAUSE, failureOf, NO_PAUSE, useService, valueOf } from './service-under-test.ts';

describe('portal: the limit on what a service is asked (row 101)', () => {
  const system = useService();
  const ask = { path: ['thing'] };
  const patient = { deadlineMs: 20_000, ...NO_PAUSE };

  it('two a second make six calls last two seconds, and all succeed (row 101)', async () => {
    system.restart({ rateLimit: { count: 2, perMs: 1000, queue: 10 }, policy: patient });
    const call = system.call();
    const began = performance.now();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => call(ask, CAUSE)));
    expect(performance.now() - began).to.be.at.least(1990);
    for (const outcome of outcomes) valueOf(outcome);
    expect(system.stub.calls).to.have.length(6);
  });

  it('refuses at once what would wait beyond the deadline (row 101)', async () => {
    const policy = { ...patient, deadlineMs: 500 };
    system.restart({ rateLimit: { count: 2, perMs: 3_600_000, queue: 10 }, policy });
    const call = system.call();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => call(ask, CAUSE)));
    const failures = outcomes.filter(({ ok }) => !ok).map(failureOf);
    expect(failures).to.have.length(4);
    for (const failure of failures) {
      expect(failure).to.include({ reason: 'rate_limited', retryable: true, status: undefined });
      expect(failure.retryAfterMs).to.be.within(3_500_000, 3_600_000);
    }
    expect(system.stub.calls).to.have.length(2);
  });

  it('refuses at once what finds the queue full', async () => {
    system.restart({ rateLimit: { count: 1, perMs: 200, queue: 2 }, policy: patient });
    const call = system.call();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => call(ask, CAUSE)));
    expect(outcomes.filter(({ ok }) => ok)).to.have.length(3);
    expect(system.stub.calls).to.have.length(3);
  });

  it('is one for all calls of the service', async () => {
    system.restart({ rateLimit: { count: 2, perMs: 3_600_000, queue: 0 } });
    const [one, two] = [system.call({ name: 'one' }), system.call({ name: 'two' })];
    const outcomes = [await one(ask, CAUSE), await two(ask, CAUSE), await one(ask, CAUSE)];
    expect(outcomes.map(({ ok }) => ok)).to.deep.equal([true, true, false]);
  });

  it('counts second attempts and second keys, which do not wait', async () => {
    const rateLimit = { count: 2, perMs: 3_600_000, queue: 0 };
    system.restart({ rateLimit, policy: { ...NO_PAUSE, attempts: 5 } });
    system.stub.board = text('', 500);
    // What happened to the attempts that were made says more than the limit that forbade the third.
    expect(failureOf(await system.call()(ask, CAUSE)).reason).to.equal('bad_status');
    expect(system.stub.calls).to.have.length(2);

    system.restart({ rateLimit: { ...rateLimit, count: 1 }, keys: ['a', 'b'] });
    system.stub.board = text('', 429, { 'Retry-After': '60' });
    expect(failureOf(await system.call()(ask, CAUSE)).reason).to.equal('rate_limited');
    expect(system.stub.calls).to.have.length(3);
  });

  it('is not used up by what is not sent', async () => {
    const breaker = { threshold: 0.5, size: 1, minimum: 1, openMs: 60_000 };
    const rateLimit = { count: 3, perMs: 3_600_000, queue: 0 };
    system.restart({ rateLimit, policy: { ...NO_PAUSE, attempts: 2, breaker } });
    system.stub.board = text('', 500);
    const [bad, good] = [system.call({ name: 'bad' }), system.call({ name: 'good' })];
    for (let i = 0; i < 10; i++) failureOf(await bad(ask, CAUSE));
    system.stub.board = text('[]');
    valueOf(await good(ask, CAUSE));
    valueOf(await good(ask, CAUSE));
    expect(failureOf(await good(ask, CAUSE)).reason).to.equal('rate_limited');
  });

  it('ends its waits when the service is closed', async () => {
    const rateLimit = { count: 1, perMs: 3_600_000, queue: 5 };
    system.restart({ rateLimit, policy: { ...patient, deadlineMs: 7_200_000 } });
    const call = system.call();
    valueOf(await call(ask, CAUSE));
    const waiting = call(ask, CAUSE);
    system.service.close();
    expect(failureOf(await waiting).message).to.equal('the portal is shutting down');
  });

  it('flags a page, and never fails it', async () => {
    await using stub = await startStub();
    await using portal = await startPortalUnderTest(stub.url, { STATS_RATE_LIMIT: '1/1h' });
    const { status, body } = await portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    const reasons = [body.leaderboard, body.player_stats].map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'rate_limited')).to.have.length(1);
    expect(stub.calls).to.have.length(1);
  });

  it('is none by default', async () => {
    system.restart({ policy: { ...patient, attemptTimeoutMs: 20_000 } });
    const call = system.call();
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => call(ask, CAUSE)));
    expect(outcomes.every(({ ok }) => ok)).to.equal(true);
  });
});

describe('portal: turns of a rate limit, on a clock of the test', () => {
  let clock = 0;
  let waits: { readonly until: number; readonly go: () => void }[] = [];

  function limitOf(count: number, queue = 1000): RateLimit {
    clock = 0;
    waits = [];
    const wait = (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        waits.push({ until: clock + ms, go: resolve });
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    return createRateLimit({ count, perMs: 1000, queue }, () => clock, wait);
  }

  /** When each of so many that ask at once gets its turn. */
  async function turnsOf(limit: RateLimit, many: number): Promise<number[]> {
    const turns: number[] = [];
    const asking = Array.from({ length: many }, async () => {
      await limit.turn(Infinity, new AbortController().signal);
      turns.push(clock);
    });
    while (turns.length < many) {
      await new Promise(setImmediate);
      const next = waits.sort((a, b) => a.until - b.until).shift();
      if (!next) continue;
      clock = Math.max(clock, next.until);
      next.go();
    }
    await Promise.all(asking);
    return turns;
  }

  it('no window of the period holds more than the count, for any load', async () => {
    for (const count of [1, 2, 3, 7]) {
      const turns = await turnsOf(limitOf(count), 25);
      for (const start of turns) {
        const inWindow = turns.filter((at) => at >= start && at < start + 1000);
        expect(inWindow.length, `${count} a second`).to.be.at.most(count);
      }
      expect(turns.at(-1)).to.equal(Math.floor(24 / count) * 1000);
    }
  });

  it('who comes later than the period finds all turns free', async () => {
    const limit = limitOf(2);
    await turnsOf(limit, 2);
    clock = 5000;
    expect(await turnsOf(limit, 3)).to.deep.equal([5000, 5000, 6000]);
  });

  it('a refusal takes no turn away', async () => {
    const limit = limitOf(1);
    await turnsOf(limit, 1);
    const { signal } = new AbortController();
    for (let i = 0; i < 5; i++) {
      const refused = await limit.turn(10, signal).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(CallFailure);
      expect(refused).to.include({ reason: 'rate_limited', retryAfterMs: 1000 });
    }
    expect(await turnsOf(limit, 1)).to.deep.equal([1000]);
  });

  it('a wait that is given up leaves its place in the queue', async () => {
    const limit = limitOf(1, 1);
    await turnsOf(limit, 1);
    const controller = new AbortController();
    const waiting = limit.turn(Infinity, controller.signal).catch(() => 'given up');
    controller.abort();
    expect(await waiting).to.equal('given up');
    const next = limit.turn(Infinity, new AbortController().signal);
    expect(waits).to.have.length(2);
    waits.at(-1)?.go();
    await next;
  });
});
