import { expect } from 'chai';
import { startPortal } from '../../src/portal/start.ts';
import { BrownoutError } from '../../src/common/errors.ts';
import { asAda, PAGE, SECRET, startPortalUnderTest, until } from './portal-under-test.ts';
import { hang, startStub, text } from './stub-stats.ts';

describe('portal: starting and stopping', () => {
  for (const unprotected of [false, true]) {
    const which = unprotected ? 'the unprotected one' : 'the portal';
    it(`${which} leaves no timer and no socket when it is disposed in the middle of calls`, async () => {
      const stub = await startStub();
      stub.board = hang;
      stub.stats = hang;
      const before = resources();
      const env = { ATTEMPT_TIMEOUT: '1h', PAGE_DEADLINE: '1h' };
      const portal = await startPortalUnderTest(stub.url, env, unprotected);
      const page = portal.getAsAda(PAGE).catch(() => undefined);
      await until(() => stub.calls.length === (unprotected ? 1 : 2));
      await portal[Symbol.asyncDispose]();
      await page;
      await until(() => stub.connections() === 0);
      await until(() => resources() === before);
      if (!unprotected) {
        expect(portal.log.map((line) => line['cause'])).to.deep.equal([
          'the portal is shutting down',
          'the portal is shutting down',
        ]);
      }
      await stub[Symbol.asyncDispose]();
    });
  }

  it('the portal leaves no timer when it is disposed between two attempts', async () => {
    const stub = await startStub();
    stub.board = text('', 500);
    const before = resources();
    const env = { PAGE_DEADLINE: '1h', BACKOFF_MIN: '1h', BACKOFF_MAX: '1h' };
    const portal = await startPortalUnderTest(stub.url, env);
    const page = portal.getAsAda(PAGE).catch(() => undefined);
    await until(() => stub.boardCalls() === 1 && stub.statsCalls() === 1);
    await portal[Symbol.asyncDispose]();
    await page;
    await until(() => stub.connections() === 0);
    await until(() => resources() === before);
    await stub[Symbol.asyncDispose]();
  });

  it('no connection to the stats service outlives the portal', async () => {
    const stub = await startStub();
    const portal = await startPortalUnderTest(stub.url);
    await portal.getAsAda(PAGE);
    expect(stub.connections()).to.equal(2);
    await portal[Symbol.asyncDispose]();
    await until(() => stub.connections() === 0);
    await stub[Symbol.asyncDispose]();
  });

  it('sixty portals run in one process', async () => {
    const stub = await startStub();
    // All at once they may take longer than one may.
    const patient = { ATTEMPT_TIMEOUT: '20s', PAGE_DEADLINE: '20s' };
    const portals = await Promise.all(
      Array.from({ length: 60 }, () => startPortalUnderTest(stub.url, patient)),
    );
    const headers = await asAda();
    const pages = await Promise.all(portals.map((portal) => portal.get(PAGE, headers)));
    expect(pages.every(({ body }) => body.degraded === false)).to.equal(true);
    await Promise.all(portals.map((portal) => portal[Symbol.asyncDispose]()));
    await until(() => stub.connections() === 0);
    await stub[Symbol.asyncDispose]();
  });

  it('many requests over the same connections give no warning', async () => {
    // A warning (of leaked listeners, say) fails the run: see test/setup.ts.
    const stub = await startStub();
    const portal = await startPortalUnderTest(stub.url);
    const headers = await asAda();
    for (let i = 0; i < 10; i++) {
      const pages = await Promise.all(Array.from({ length: 30 }, () => portal.get(PAGE, headers)));
      expect(pages.every(({ body }) => body.degraded === false)).to.equal(true);
    }
    await portal[Symbol.asyncDispose]();
    await stub[Symbol.asyncDispose]();
  });

  it('a port that is taken is said to be taken', async () => {
    const first = await startPortal({ env: { JWT_SECRET: SECRET } });
    const error = await startPortal({ port: first.port }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(BrownoutError);
    expect((error as BrownoutError).code).to.equal('port_taken');
    await first[Symbol.asyncDispose]();
  });
});

/** What keeps this process alive: timers, sockets and servers. */
function resources(): string {
  const counted = process
    .getActiveResourcesInfo()
    .filter((name) => /^(Timeout|TCP)/.test(name))
    .sort();
  return counted.join();
}
