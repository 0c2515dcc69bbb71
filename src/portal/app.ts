import { randomBytes } from 'node:crypto';
import { Router } from '@koa/router';
import Koa from 'koa';
import nodeFetch from 'node-fetch';
import type { Logger } from 'pino';
import { authenticate } from './accounts/authenticate.ts';
import { addAccountRoutes } from './accounts/routes.ts';
import { createTokens } from './accounts/tokens.ts';
import type { PortalConfig } from './config.ts';
import { connectStats } from './connect-stats.ts';
import { handleErrors } from './errors/handle-errors.ts';
import { addGameRoutesV1 } from './games/v1.ts';
import { addGameRoutesV2 } from './games/v2.ts';
import { addGateways } from './gateway/gateways.ts';
import { acceptable } from './http/acceptable.ts';
import type { PortalState } from './http/context.ts';
import { allowOrigins } from './http/cors.ts';
import { identifyRequest } from './http/identify-request.ts';
import { limitRequests } from './http/limit-requests.ts';
import { createLimiter } from './http/limiter.ts';
import { unmatched } from './http/unmatched.ts';
import { createLog } from './log.ts';
import { createAccessLog } from './monitoring/access-log.ts';
import { createMonitoring } from './monitoring/monitoring.ts';
import { observeRequests } from './monitoring/observe.ts';
import { tellAll, type Observer } from './observer.ts';
import { portalErrors } from './portal-errors.ts';
import { addReviewRoutes } from './reviews/routes.ts';
import type { StaleStore } from './stats/stale/store.ts';
import { openStorage } from './storage/open.ts';
import type { ServiceHandle } from './upstream/handle.ts';
import type { ServiceConfig } from './upstream/service-config.ts';
import { createService } from './upstream/service.ts';
import type { Fetch } from './upstream/transport.ts';

/** What the portal takes from the world outside; each has a default. */
export interface PortalDependencies {
  readonly fetch: Fetch;
  readonly log: Logger;
  /** Milliseconds since 1970, never going back. */
  readonly now: () => number;
  /** Draws from [0, 1): spreads the pauses before second attempts. */
  readonly random: () => number;
  readonly randomHex: (bytes: number) => string;
  readonly openStorage: typeof openStorage;
  /** Where the last good answers are kept, if they are to be kept. */
  readonly staleStore: StaleStore;
  /** Hear what the portal does. */
  readonly observers: readonly Observer[];
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
  const log = dependencies.log ?? createLog(config.logLevel, undefined, config.secrets);
  const { staleStore, observers = [] } = dependencies;
  const { fetch, now, random, randomHex, openStorage } = { ...DEFAULTS, ...dependencies };
  // Those that there are come below: monitoring looks when somebody asks.
  const services: ServiceHandle[] = [];
  const monitoring = createMonitoring(config.monitoring, { services, log, now });
  const observer = tellAll([monitoring.observer, ...observers]);
  const storage = openStorage(config.storage, { log, now });
  const { accounts, games, reviews } = storage;
  const connect = (service: ServiceConfig) =>
    createService(service, { fetch, log, random, randomHex, now, observer });
  const stats = connectStats(config, {
    connect,
    fetch,
    accounts,
    randomHex,
    log,
    now,
    staleStore,
  });
  const tokens = createTokens(config.tokens, { now, randomHex });

  const router = new Router<PortalState>();
  monitoring.addRoutes(router, { tokens, storage });
  const guesses = createLimiter(config.http.guessLimit, now);
  addAccountRoutes(router, { accounts, tokens, randomHex, guesses });
  const { policy } = config.stats;
  const gameRoutes = {
    games,
    stats: stats.forPages,
    authenticate: authenticate(tokens),
    retryAdvice: { otherwiseMs: policy.breaker.openMs, mostMs: policy.retryAfterMaxMs },
  };
  addGameRoutesV1(router, gameRoutes);
  addGameRoutesV2(router, gameRoutes);
  addReviewRoutes(router, { games, reviews, authenticate: gameRoutes.authenticate });
  const others = addGateways(router, {
    stats: stats.forGateway,
    services: config.services,
    connect,
    authenticate: gameRoutes.authenticate,
    log,
    retryAfterMs: policy.breaker.openMs,
  });
  services.push(...stats.forOperators, ...others);

  const { trustedProxies, corsOrigins, requestLimit } = config.http;
  const app = new Koa<PortalState>({ proxy: trustedProxies > 0, maxIpsCount: trustedProxies });
  app.use(identifyRequest(randomHex));
  app.use(observeRequests({ observer, accessLog: createAccessLog(app, log), now }));
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  app.use(handleErrors({ registry: portalErrors(), ...config.errors }));
  if (requestLimit) app.use(limitRequests(createLimiter(requestLimit, now)));
  app.use(acceptable);
  app.use(router.routes());
  app.use(unmatched);
  return {
    app,
    routes: router.stack
      .filter(({ methods }) => methods.length > 0)
      .map(({ methods, path }) => ({ methods, path: String(path) })),
    async close() {
      for (const one of [stats, ...others]) one.close();
      await storage.close();
    },
  };
}

const DEFAULTS: Omit<PortalDependencies, 'log' | 'observers' | 'staleStore'> = {
  fetch: nodeFetch,
  now: () => performance.timeOrigin + performance.now(),
  random: Math.random,
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  openStorage,
};
