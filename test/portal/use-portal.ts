import { expect } from 'chai';
import { PAGE, startPortalUnderTest, type PortalUnderTest } from './portal-under-test.ts';
import { startStub, STATS, type Stub } from './stub-stats.ts';

export interface PortalSystem {
  stub: Stub;
  portal: PortalUnderTest;
  /** The same stub under another portal. */
  restartPortal(env: Record<string, string>, unprotected?: boolean): Promise<void>;
}

/** A stub and a portal of its own for each test of the suite. */
export function usePortal(env: Record<string, string> = {}, unprotected = false): PortalSystem {
  const system = {
    async restartPortal(env: Record<string, string>, unprotected = false) {
      await system.portal[Symbol.asyncDispose]();
      system.portal = await startPortalUnderTest(system.stub.url, env, unprotected);
    },
  } as PortalSystem;
  beforeEach(async () => {
    system.stub = await startStub();
    system.portal = await startPortalUnderTest(system.stub.url, env, unprotected);
  });
  afterEach(async () => {
    await system.portal[Symbol.asyncDispose]();
    await system.stub[Symbol.asyncDispose]();
  });
  return system;
}

export function flagged(empty: unknown, reason: string): object {
  return { data: empty, error: true, reason, retryable: true };
}

export async function onlyTheBoardIsFlagged(system: PortalSystem, reason: string): Promise<void> {
  const { status, body } = await system.portal.getAsAda(PAGE);
  expect(status).to.equal(200);
  expect(body.leaderboard).to.deep.equal(flagged([], reason));
  expect(body.player_stats).to.deep.equal({ data: STATS, error: false });
  expect(body.degraded).to.equal(true);
}
