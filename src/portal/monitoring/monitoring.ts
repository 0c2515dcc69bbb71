import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { Tokens } from '../accounts/tokens.ts';
import type { PortalState } from '../http/context.ts';
import { tellAll, type Observer } from '../observer.ts';
import type { Storage } from '../storage/storage.ts';
import type { ServiceHandle } from '../upstream/handle.ts';
import { createBreakerLog } from './breaker-log.ts';
import { createErrorMonitor } from './error-monitor.ts';
import { addDetailedHealthRoute, addHealthRoute } from './health.ts';
import { createMetrics } from './metrics.ts';
import { operatorsOnly } from './operator.ts';
import { addOutageRoutes } from './outages.ts';
import { addErrorRoutes } from './routes.ts';
import type { MonitoringConfig } from './settings.ts';
import { createTally } from './tally.ts';

/** Everything that watches the portal. */
export interface Monitoring {
  /** Hears what the portal does. */
  readonly observer: Required<Observer>;
  addRoutes(
    router: Router<PortalState>,
    dependencies: {
      readonly tokens: Tokens;
      readonly storage?: Pick<Storage, 'kind' | 'check'> | undefined;
    },
  ): void;
}

/** @param services may be filled later: it is looked at when somebody asks */
export function createMonitoring(
  config: MonitoringConfig,
  {
    services,
    log,
    now,
  }: {
    readonly services: readonly ServiceHandle[];
    readonly log: Logger;
    readonly now: () => number;
  },
): Monitoring {
  const monitor = createErrorMonitor({ config, log, now });
  const tally = createTally();
  const metrics = createMetrics({ tally, services, monitor });
  return {
    observer: tellAll([tally, monitor, createBreakerLog(log)]),
    addRoutes(router, { tokens, storage }) {
      const operators = operatorsOnly({ token: config.operatorToken, tokens, log });
      const guard: Middleware<PortalState> = config.open ? (_, next) => next() : operators;
      addHealthRoute(router);
      addDetailedHealthRoute(router, { services, storage, monitor, guard, now });
      router.get('/metrics', guard, async (ctx) => {
        ctx.set('Cache-Control', 'no-store');
        const { contentType, text } = await metrics.read();
        ctx.body = text;
        ctx.set('Content-Type', contentType);
      });
      addErrorRoutes(router, { monitor, operators, log, now });
      addOutageRoutes(router, { services, operators, log });
    },
  };
}
