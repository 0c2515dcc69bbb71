import { expect } from 'chai';
import { DEFAULT_PLUGS } from '../../../src/portal/upstream/plugs/catalogue.ts';
import { until } from '../portal-under-test.ts';
import { hang, json, text, type Exchange } from '../stub-stats.ts';
import { CAUSE, failureOf, NO_PAUSE, useService, valueOf } from './service-under-test.ts';

const BREAKER = { threshold: 0.5, size: 10, minimum: 5, openMs: 30 };
const POLICY = {
  ...NO_PAUSE,
  attempts: 1,
  deadlineMs: 20_000,
  attemptTimeoutMs: 10_000,
  breaker: BREAKER,
};

describe('portal: a breaker that is half open (row 26)', () => {
  const system = useService({ policy: POLICY });
  const ask = { path: ['thing'] };

  const stateOf = (call = 'thing') =>
    system.service.states().find((one) => one.call === call)?.breaker;
  const reasonOf = async (asked: ReturnType<ReturnType<typeof system.call>>) => {
    const outcome = await asked;
    return outcome.ok ? 'ok' : outcome.failure.reason;
  };

  async function open(call: ReturnType<typeof system.call>): Promise<void> {
    system.stub.board = text('', 503);
    while (stateOf() === 'closed') failureOf(await call(ask, CAUSE));
    expect(stateOf()).to.equal('open');
    await new Promise((resolve) => setTimeout(resolve, BREAKER.openMs + 5));
  }

  it('sends one probe of hundreds that ask at the same moment (row 26)', async () => {
    const call = system.call();
    await open(call);
    const held: Exchange[] = [];
    system.stub.board = (exchange) => held.push(exchange);
    const asked = Array.from({ length: 200 }, () => call(ask, CAUSE));
    await until(() => held.length === 1);
    const refused = await Promise.all(asked.slice(1).map(reasonOf));
    expect(new Set(refused)).to.deep.equal(new Set(['circuit_open']));
    expect(held).to.have.length(1);
    expect(stateOf()).to.equal('half-open');
    if (held[0]) json(['well'])(held[0]);
    expect(await reasonOf(asked[0] as (typeof asked)[number])).to.equal('ok');
    expect(stateOf()).to.equal('closed');
    expect(system.breakers.map(({ state }) => state)).to.deep.equal([
      'open',
      'half-open',
      'closed',
    ]);
  });

  it('is not shut by an attempt that was begun before the outage and fails during the probe', async () => {
    const call = system.call();
    const held: Exchange[] = [];
    system.stub.board = (exchange) => held.push(exchange);
    const late = call(ask, CAUSE);
    await until(() => held.length === 1);
    await open(call);
    system.stub.board = (exchange) => held.push(exchange);
    const probe = call(ask, CAUSE);
    await until(() => held.length === 2);
    held[0]?.socket.resetAndDestroy();
    expect(await reasonOf(late)).to.equal('unreachable');
    expect(stateOf()).to.equal('half-open');
    if (held[1]) json([])(held[1]);
    expect(await reasonOf(probe)).to.equal('ok');
    expect(stateOf()).to.equal('closed');
  });

  it('is shut again by a probe that hangs, when its time is over', async () => {
    system.restart({ policy: { ...POLICY, attemptTimeoutMs: 40 } });
    const call = system.call();
    await open(call);
    system.stub.board = hang;
    expect(await reasonOf(call(ask, CAUSE))).to.equal('timeout');
    expect(stateOf()).to.equal('open');
    expect(await reasonOf(call(ask, CAUSE))).to.equal('circuit_open');
  });

  it('is shut again by a probe whose body never ends', async () => {
    system.restart({ policy: { ...POLICY, attemptTimeoutMs: 60 } });
    const call = system.call();
    await open(call);
    system.stub.board = ({ response }) => void response.writeHead(200).write('[1,');
    expect(await reasonOf(call(ask, CAUSE))).to.equal('timeout');
    expect(stateOf()).to.equal('open');
  });

  it('is not opened wide by a probe that was never sent', async () => {
    let wrong = false;
    const moody = {
      name: 'moody',
      plugIn: () => ({
        request() {
          if (wrong) throw new Error('not today');
        },
      }),
    };
    system.restart({ policy: POLICY, plugs: [...DEFAULT_PLUGS, moody] });
    const call = system.call();
    await open(call);
    wrong = true;
    expect(await reasonOf(call(ask, CAUSE))).to.equal('unreachable');
    expect(stateOf()).to.equal('open');
  });

  it('opens for any answer that shows the service at work, even one that is no use', async () => {
    for (const [i, answer] of [text('', 404), text('<html>'), text('', 429)].entries()) {
      system.restart({ policy: POLICY });
      const call = system.call();
      await open(call);
      system.stub.board = answer;
      expect(await reasonOf(call(ask, CAUSE)), `${i}`).to.not.equal('ok');
      expect(stateOf(), `${i}`).to.equal('closed');
    }
  });

  it('says of an outage since when it lasts, not since when the last probe failed (row 96)', async () => {
    const call = system.call();
    await open(call);
    const { since } = system.service.states()[0] ?? {};
    expect(await reasonOf(call(ask, CAUSE))).to.equal('bad_status');
    expect(stateOf()).to.equal('open');
    const failure = failureOf(await call(ask, CAUSE));
    expect(failure.reason).to.equal('circuit_open');
    expect(failure.since).to.equal(since);
    expect(failure.retryAfterMs).to.be.within(0, BREAKER.openMs);
    expect(system.service.states()[0]?.since).to.be.above(since ?? Infinity);
  });

  it('tells of each change by the name of its call, and of no other', async () => {
    const [one, two] = [system.call(), system.call({ name: 'other' })];
    await open(one);
    valueOf(
      await (async () => {
        system.stub.board = json([]);
        return two(ask, CAUSE);
      })(),
    );
    expect(system.breakers).to.deep.equal([{ service: 'sample', call: 'thing', state: 'open' }]);
    expect(stateOf('other')).to.equal('closed');
  });

  it('refuses without asking for a connection, a timer or an address', async () => {
    const call = system.call();
    system.stub.board = text('', 503);
    while (stateOf() === 'closed') failureOf(await call(ask, CAUSE));
    const before = process.getActiveResourcesInfo().length;
    const asked = call(ask, CAUSE);
    expect(process.getActiveResourcesInfo().length).to.be.at.most(before);
    expect(await reasonOf(asked)).to.equal('circuit_open');
  });
});
