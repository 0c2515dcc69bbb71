import { expect } from 'chai';
import { DEFAULT_PLUGS } from '../../../src/portal/upstream/plugs/catalogue.ts';
import type { Plug } from '../../../src/portal/upstream/plugs/plug.ts';
import { PAGE, startPortalUnderTest } from '../portal-under-test.ts';
import { json, startStub, text, type Answer, type Exchange } from '../stub-stats.ts';
import { CAUSE, failureOf, NO_PAUSE, useService, valueOf } from './service-under-test.ts';

const KEYS = ['key-alpha', 'key-beta', 'key-gamma'];

describe('portal: the keys of a service (row 100)', () => {
  const system = useService({ keys: KEYS.slice(0, 2), policy: NO_PAUSE });
  const ask = { path: ['thing'] };

  const sent = () => system.stub.calls.map(({ headers }) => headers['x-api-key']);

  /** Limits these keys, as a service does that counts each of them. */
  function limit(waits: Record<string, string>): void {
    system.stub.board = (exchange) => answerOf(waits, exchange)(exchange);
  }
  function answerOf(waits: Record<string, string>, { request }: Exchange): Answer {
    const wait = waits[String(request.headers['x-api-key'])];
    return wait === undefined ? json(['well']) : text('slow down', 429, retryAfter(wait));
  }

  it('the next is tried at once when one is limited: two requests, one 200 (row 100)', async () => {
    limit({ 'key-alpha': '60' });
    const outcome = await system.call()(ask, CAUSE);
    expect(valueOf(outcome)).to.deep.equal(['well']);
    expect(outcome.attempts).to.equal(2);
    expect(sent()).to.deep.equal(['key-alpha', 'key-beta']);
    expect(system.log).to.deep.equal([]);
    expect(system.called[0]).to.include({ outcome: 'ok', status: 200, attempts: 2 });
  });

  it('a limited one is left alone for as long as it asks', async () => {
    limit({ 'key-alpha': '60' });
    const call = system.call();
    for (let i = 0; i < 5; i++) valueOf(await call(ask, CAUSE));
    expect(sent().filter((key) => key === 'key-alpha')).to.have.length(1);
  });

  it('a limited one is tried again afterwards, and not before', async () => {
    limit({ 'key-alpha': '1' });
    const call = system.call();
    const began = performance.now();
    while (sent().filter((key) => key === 'key-alpha').length < 2) valueOf(await call(ask, CAUSE));
    expect(performance.now() - began).to.be.at.least(1000);
  });

  it('no longer than is configured, whatever it asks', async () => {
    system.restart({ keys: KEYS, policy: { ...NO_PAUSE, retryAfterMaxMs: 50 } });
    limit({ 'key-alpha': '999999' });
    const call = system.call();
    const began = performance.now();
    while (sent().filter((key) => key === 'key-alpha').length < 2) valueOf(await call(ask, CAUSE));
    expect(performance.now() - began).to.be.at.least(50);
  });

  it('all limited are rate_limited with the shortest wait, and then nothing is sent', async () => {
    limit({ 'key-alpha': '5', 'key-beta': '25' });
    const call = system.call();
    const first = await call(ask, CAUSE);
    expect(first.attempts).to.equal(2);
    expect(failureOf(first)).to.include({ reason: 'rate_limited', status: 429, retryable: true });
    expect(failureOf(first).retryAfterMs).to.be.within(4000, 5000);
    const second = await call(ask, CAUSE);
    expect(second.attempts).to.equal(0);
    expect(failureOf(second).reason).to.equal('rate_limited');
    expect(failureOf(second).retryAfterMs).to.be.within(3000, 5000);
    expect(sent()).to.deep.equal(['key-alpha', 'key-beta']);
  });

  it('are taken in turn while none is limited', async () => {
    system.restart({ keys: KEYS });
    const call = system.call();
    for (let i = 0; i < 6; i++) valueOf(await call(ask, CAUSE));
    expect(sent()).to.deep.equal([...KEYS, ...KEYS]);
  });

  it('limited on one call are the last choice of another, which may still use them', async () => {
    limit({ 'key-alpha': '60', 'key-beta': '60' });
    failureOf(await system.call({ name: 'limited' })(ask, CAUSE));
    system.stub.board = json(['well']);
    const other = system.call({ name: 'other' });
    expect(valueOf(await other(ask, CAUSE))).to.deep.equal(['well']);

    system.restart({ keys: KEYS });
    system.stub.calls.length = 0;
    limit({ 'key-alpha': '60' });
    valueOf(await system.call({ name: 'limited' })(ask, CAUSE));
    system.stub.board = json(['well']);
    const another = system.call({ name: 'other' });
    for (let i = 0; i < 4; i++) valueOf(await another(ask, CAUSE));
    expect(sent().slice(1)).to.not.include('key-alpha');
  });

  it('that race for a limit try each key once at most for each question', async () => {
    limit({ 'key-alpha': '60' });
    const call = system.call();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => call(ask, CAUSE)));
    for (const outcome of outcomes) {
      expect(valueOf(outcome)).to.deep.equal(['well']);
      expect(outcome.attempts).to.be.at.most(2);
    }
    limit({ 'key-alpha': '60', 'key-beta': '60' });
    const after = await Promise.all(Array.from({ length: 20 }, () => call(ask, CAUSE)));
    for (const outcome of after) {
      expect(failureOf(outcome).reason).to.equal('rate_limited');
      expect(failureOf(outcome).status).to.equal(outcome.attempts > 0 ? 429 : undefined);
      expect(outcome.attempts).to.be.at.most(2);
    }
  });

  it('whose limits are over at once are still tried once each for a question', async () => {
    system.restart({ keys: KEYS, policy: { ...NO_PAUSE, retryAfterMaxMs: 0.001 } });
    system.stub.board = text('', 429, { 'Retry-After': '60' });
    expect((await system.call()(ask, CAUSE)).attempts).to.equal(3);
  });

  it('a 429 that does not say for how long leaves its key alone for a while', async () => {
    limit({ 'key-alpha': '' });
    const call = system.call();
    for (let i = 0; i < 3; i++) valueOf(await call(ask, CAUSE));
    expect(sent()).to.deep.equal(['key-alpha', 'key-beta', 'key-beta', 'key-beta']);
  });

  it('one alone is limited as none is: the next question asks anew unless told otherwise', async () => {
    system.restart({ keys: ['key-alpha'] });
    system.stub.board = text('', 429);
    const call = system.call();
    for (let i = 0; i < 3; i++) expect(failureOf(await call(ask, CAUSE)).status).to.equal(429);
    expect(system.stub.calls).to.have.length(3);
  });

  it('count as one attempt, which the breaker hears of once', async () => {
    limit({ 'key-alpha': '0', 'key-beta': '0' });
    const call = system.call();
    for (let i = 0; i < 30; i++) failureOf(await call(ask, CAUSE));
    expect(system.service.states()[0]).to.include({ breaker: 'closed' });
  });

  it('are in no log, no failure and no report, even if the service repeats them (row 107)', async () => {
    system.restart({ keys: ['key-alpha'], messageField: 'status.message', policy: NO_PAUSE });
    const say = (status: number) =>
      json({ status: { message: `the key key-alpha is wrong, Bearer abc.def` } }, status);
    const call = system.call();
    const told: unknown[] = [];
    for (const status of [400, 401, 403, 429, 500]) {
      system.stub.board = say(status);
      told.push(await call(ask, CAUSE));
    }
    system.stub.board = text('key-alpha '.repeat(20), 404);
    told.push(await call(ask, CAUSE));
    await system.stub[Symbol.asyncDispose]();
    told.push(await call(ask, CAUSE));
    const all = JSON.stringify([told, system.log, system.called]);
    expect(all).to.not.include('key-alpha');
    expect(JSON.stringify(system.log)).to.not.include('abc.def');
    expect(system.log[0]?.['said']).to.equal('the key [hidden] is wrong, Bearer [hidden]');
  });

  it('are in no log even if a plug repeats them (row 107)', async () => {
    const careless: Plug = {
      name: 'careless',
      plugIn: () => ({
        request({ headers }) {
          throw new Error(`I know ${String(headers['X-Api-Key'])}`);
        },
      }),
    };
    system.restart({ keys: ['key-alpha'], plugs: [...DEFAULT_PLUGS, careless] });
    failureOf(await system.call()(ask, CAUSE));
    expect(system.log[0]).to.include({ cause: 'a plug failed: I know [hidden]' });
  });

  it('rotate for the page of a game, too (row 100)', async () => {
    await using stub = await startStub();
    await using portal = await startPortalUnderTest(stub.url, { STATS_KEYS: 'key-alpha,key-beta' });
    const well = stub.board;
    stub.board = (exchange) =>
      exchange.request.headers['x-api-key'] === 'key-alpha'
        ? text('slow down', 429, retryAfter('60'))(exchange)
        : well(exchange);
    for (let i = 0; i < 4; i++) {
      expect((await portal.getAsAda(PAGE)).body.degraded).to.equal(false);
    }
    const limited = stub.calls.filter(
      ({ url, headers }) => url.startsWith('/leader') && headers['x-api-key'] === 'key-alpha',
    );
    expect(limited).to.have.length(1);
    expect(JSON.stringify(portal.log)).to.not.match(/key-(alpha|beta)/);
  });
});

function retryAfter(wait: string): Record<string, string> {
  return wait === '' ? {} : { 'Retry-After': wait };
}
