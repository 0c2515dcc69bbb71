import { randomBytes } from 'node:crypto';
import { Router } from '@koa/router';
import Koa from 'koa';
import nodeFetch from 'node-fetch';
import type { Logger } from 'pino';
import { authenticate } from './accounts/authenticate.ts';
import { addAccountRoutes } from './accounts/routes.ts';
import { createTokens } from './accounts/tokens.ts';
import type { PortalConfig } from './config.ts';
import { respondToErrors } from './errors/respond.ts';
import { addGameRoutesV1 } from './games/v1.ts';
import { addGameRoutesV2 } from './games/v2.ts';
import type { PortalState } from './http/context.ts';
import { identifyRequest } from './http/identify-request.ts';
import { unmatched } from './http/unmatched.ts';
import { createLog } from './log.ts';
import { tellAll, type Observer } from './observer.ts';
import { addHealthRoute } from './monitoring/health.ts';
import { withStaleFallback } from './stale/fallback.ts';
import { createStaleStore, type StaleStore } from './stale/store.ts';
import { createProtectedStats } from './stats/protected.ts';
import { createUnprotectedStats } from './stats/unprotected.ts';
import { openStorage } from './storage/open.ts';
import { createService } from './upstream/service.ts';
import { openTransport, type Fetch } from './upstream/transport.ts';

/** What the portal takes from the world outside; each has a default. */
export interface PortalDependencies {
  readonly fetch: Fetch;
  readonly log: Logger;
  /** Milliseconds since 1970, never going back. */
  readonly now: () => number;
  /** Draws from [0, 1): spreads the pauses before second attempts. */
  readonly random: () => number;
  readonly randomHex: (bytes: number) => string;
  /** Hear what the portal does. */
  readonly observers: readonly Observer[];
  /** Where the last good answers are kept, if they are to be kept. */
  readonly staleStore: StaleStore;
}

export interface RouteFacts {
  readonly methods: readonly string[];
  /** `/games/v1/games/:pk` */
  readonly path: string;
}

/** A portal that does not listen yet. `close` ends its calls and connections to other services and to its database. */
export interface Portal {
  readonly app: Koa<PortalState>;
  readonly close: () => Promise<void>;
  /** Every route that the portal has, as its router writes it. */
  readonly routes: readonly RouteFacts[];
}

/** Puts a portal together. Nothing is bound and nothing is sent until a request comes in. */
export function createPortal(
  config: PortalConfig,
  dependencies: Partial<PortalDependencies> = {},
): Portal {
  const log = dependencies.log ?? createLog(config.logLevel);
  const { fetch, now, random, randomHex } = { ...DEFAULTS, ...dependencies };
  const observer = tellAll(dependencies.observers ?? []);
  const transport = openTransport(fetch, config.stats);
  const service = createService(config.stats, { fetch, log, random, randomHex, now, observer });
  const storage = openStorage(config.storage, { now });
  const { accounts, games } = storage;
  const tokens = createTokens(config.tokens, { now, randomHex });
  const stats = config.unprotected
    ? createUnprotectedStats(config.stats.baseUrl, { transport, randomHex, accounts })
    : createProtectedStats(service, { accounts, log, now });

  const router = new Router<PortalState>();
  addHealthRoute(router);
  addAccountRoutes(router, { accounts, tokens });
  const staleStore =
    config.stale &&
    !config.unprotected &&
    (dependencies.staleStore ?? createStaleStore(config.stale, now));
  const gameRoutes = {
    games,
    stats: staleStore ? withStaleFallback(stats, staleStore, log) : stats,
    authenticate: authenticate(tokens),
    retryAfterMs: config.stats.policy.breaker.openMs,
  };
  addGameRoutesV1(router, gameRoutes);
  addGameRoutesV2(router, gameRoutes);

  const app = new Koa<PortalState>();
  app.use(identifyRequest(randomHex));
  app.use(respondToErrors);
  app.use(router.routes());
  app.use(unmatched);
  logErrors(app, log);
  return {
    app,
    routes: router.stack.map(({ methods, path }) => ({ methods, path: String(path) })),
    async close() {
      transport.close();
      service.close();
      await storage.close();
    },
  };
}

function logErrors(app: Koa<PortalState>, log: Logger): void {
  app.on('error', (error: unknown, ctx?: Koa.ParameterizedContext<PortalState>) => {
    const facts = { err: error, requestId: ctx?.state.requestId };
    // Nobody is left to be told when the client has gone.
    if (ctx && !ctx.writable) log.debug(facts, 'A client went away');
    else log.error(facts, 'A request failed');
  });
}

const DEFAULTS: Omit<PortalDependencies, 'log' | 'observers' | 'staleStore'> = {
  fetch: nodeFetch,
  now: () => performance.timeOrigin + performance.now(),
  random: Math.random,
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
};
