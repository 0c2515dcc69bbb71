import { readConfig } from '../../../src/portal/config.ts';
import type { Observer } from '../../../src/portal/observer.ts';
import { startCustomPortal } from '../custom-portal.ts';
import { asAda, clientOf, SECRET, type PortalUnderTest } from '../portal-under-test.ts';
import { startStub, type Stub } from '../stub-stats.ts';

/** A portal whose clock stands still until the test moves it, with an operator. */
export interface WatchedPortal extends PortalUnderTest {
  readonly stub: Stub;
  /** Everything that was written, as it was written. */
  readonly lines: string[];
  clock: number;
  getAsOperator(path: string): ReturnType<PortalUnderTest['get']>;
  postAsOperator(path: string, body?: object): ReturnType<PortalUnderTest['get']>;
}

export const OPERATOR_TOKEN = 'the-operator-of-these-tests';
export const AS_OPERATOR = { authorization: `Bearer ${OPERATOR_TOKEN}` };
/** A whole minute of a whole hour. */
export const NOON = Date.UTC(2026, 10, 21, 12);
/** A database that cannot be opened: what needs one answers 5xx. */
export const NO_DATABASE = { DATABASE_URL: 'sqlite:/dev/null/none.db' };

export async function startWatchedPortal(
  env: Record<string, string> = {},
  options: { unprotected?: boolean; observers?: readonly Observer[] } = {},
): Promise<WatchedPortal> {
  const { unprotected = false, observers = [] } = options;
  const stub = await startStub();
  const time = { clock: NOON };
  const config = readConfig(
    { STATS_TRACKER_URL: stub.url, JWT_SECRET: SECRET, OPERATOR_TOKEN, ...env },
    { unprotected },
  );
  const portal = await startCustomPortal(config, { now: () => time.clock, observers });
  const client = clientOf(portal.url);
  return Object.assign(time, {
    ...client,
    url: portal.url,
    stub,
    log: portal.log,
    lines: portal.lines,
    // A token of the hour that the clock shows.
    getAsAda: async (path: string, headers: Record<string, string> = {}) =>
      client.get(path, { ...(await asAda(Date.now() - time.clock)), ...headers }),
    getAsOperator: (path: string) => client.get(path, AS_OPERATOR),
    postAsOperator: (path: string, body?: object) =>
      client.send('POST', path, {
        headers: { ...AS_OPERATOR, ...(body && { 'content-type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      }),
    async [Symbol.asyncDispose]() {
      await portal[Symbol.asyncDispose]();
      await stub[Symbol.asyncDispose]();
    },
  });
}

/** One for each test of the suite. */
export function useWatchedPortal(
  env: Record<string, string> = {},
  options: Parameters<typeof startWatchedPortal>[1] = {},
): { readonly portal: WatchedPortal } {
  const system = {} as { portal: WatchedPortal };
  beforeEach(async () => {
    system.portal = await startWatchedPortal(env, options);
  });
  afterEach(() => system.portal[Symbol.asyncDispose]());
  return system;
}

/** Asks so many times, one after the other. */
export async function times(count: number, ask: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i++) await ask();
}
