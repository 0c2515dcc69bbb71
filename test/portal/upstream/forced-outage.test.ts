import { expect } from 'chai';
import { until } from '../portal-under-test.ts';
import { BOARD, json, text, type Exchange } from '../stub-stats.ts';
import { CAUSE, failureOf, NO_PAUSE, useService, valueOf } from './service-under-test.ts';

describe('portal: an outage that an operator declares (row 27)', () => {
  const system = useService({ policy: { ...NO_PAUSE, deadlineMs: 20_000 } });
  const ask = { path: ['thing'] };

  it('refuses every call of the service as forced, and nothing is sent; then all is as before (row 27)', async () => {
    const [one, two] = [system.call({ name: 'one' }), system.call({ name: 'two' })];
    const began = Date.now();
    system.service.forceOutage();
    for (const call of [one, two, one]) {
      const outcome = await call(ask, CAUSE);
      expect(failureOf(outcome)).to.include({ reason: 'forced', retryable: true });
      expect(failureOf(outcome).since).to.be.within(began - 1000, Date.now() + 1000);
      expect(outcome.attempts).to.equal(0);
    }
    expect(system.stub.calls).to.deep.equal([]);
    expect(system.log).to.have.length(3);
    expect(system.log[0]).to.include({ level: 'warn', reason: 'forced', call: 'one' });
    system.service.endOutage();
    expect(valueOf(await one(ask, CAUSE))).to.deep.equal(BOARD);
    expect(valueOf(await two(ask, CAUSE))).to.deep.equal(BOARD);
  });

  it('says since when, which a second declaration does not change', async () => {
    expect(system.service.forcedSince()).to.equal(undefined);
    system.service.forceOutage();
    const since = system.service.forcedSince();
    await new Promise((resolve) => setTimeout(resolve, 5));
    system.service.forceOutage();
    expect(system.service.forcedSince()).to.equal(since);
    system.service.endOutage();
    system.service.endOutage();
    expect(system.service.forcedSince()).to.equal(undefined);
  });

  it('lets what is under way end, and begins no second attempt', async () => {
    const held: Exchange[] = [];
    system.stub.board = (exchange) => held.push(exchange);
    const call = system.call();
    const [first, second] = [call(ask, CAUSE), call(ask, CAUSE)];
    await until(() => held.length === 2);
    system.service.forceOutage();
    if (held[0]) json(['well'])(held[0]);
    if (held[1]) text('', 500)(held[1]);
    const outcomes = [await first, await second];
    expect(outcomes.filter(({ ok }) => ok)).to.have.length(1);
    const failed = outcomes.filter(({ ok }) => !ok).map(failureOf);
    // Its one attempt failed before it was refused another: that says more.
    expect(failed.map(({ reason }) => reason)).to.deep.equal(['bad_status']);
    expect(system.stub.calls).to.have.length(2);
  });

  it('is met by what was waiting for the turn that a limit gives', async () => {
    const rateLimit = { count: 1, perMs: 100, queue: 10 };
    system.restart({ rateLimit, policy: { deadlineMs: 20_000 } });
    const call = system.call();
    valueOf(await call(ask, CAUSE));
    const waiting = call(ask, CAUSE);
    system.service.forceOutage();
    expect(failureOf(await waiting).reason).to.equal('forced');
    expect(system.stub.calls).to.have.length(1);
  });

  it('is met by a second key, too', async () => {
    system.restart({ keys: ['key-one', 'key-two'] });
    const held: Exchange[] = [];
    system.stub.board = (exchange) => held.push(exchange);
    const asked = system.call()(ask, CAUSE);
    await until(() => held.length === 1);
    system.service.forceOutage();
    if (held[0]) text('', 429, { 'Retry-After': '1' })(held[0]);
    expect(failureOf(await asked).reason).to.equal('forced');
    expect(system.stub.calls).to.have.length(1);
  });

  it('is not tested by a probe, however long it lasts, and leaves the breaker as it was', async () => {
    const breaker = { threshold: 0.5, size: 2, minimum: 2, openMs: 20 };
    system.restart({ policy: { ...NO_PAUSE, attempts: 1, breaker } });
    system.stub.board = text('', 500);
    const call = system.call();
    for (let i = 0; i < 2; i++) failureOf(await call(ask, CAUSE));
    expect(system.service.states()).to.deep.include({
      ...system.service.states()[0],
      breaker: 'open',
    });
    system.service.forceOutage();
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (let i = 0; i < 5; i++) expect(failureOf(await call(ask, CAUSE)).reason).to.equal('forced');
    expect(system.stub.calls).to.have.length(2);
    expect(system.service.states()[0]).to.include({ breaker: 'open' });
    system.stub.board = json([]);
    system.service.endOutage();
    expect(valueOf(await call(ask, CAUSE))).to.deep.equal([]);
    expect(system.service.states()[0]).to.include({ breaker: 'closed' });
  });
});
