import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { version } from '../../common/version.ts';
import type { PortalState } from '../http/context.ts';
import type { Storage } from '../storage/storage.ts';
import type { ServiceHandle } from '../upstream/handle.ts';
import { createDatabaseCheck } from './database-check.ts';
import type { ErrorMonitor } from './error-monitor.ts';

/** `GET /health`: the portal itself is up. It says nothing of other services: without them the portal still serves. */
export function addHealthRoute(router: Router<PortalState>): void {
  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' };
  });
}

export interface DetailedHealthDependencies {
  readonly services: readonly ServiceHandle[];
  readonly storage: Pick<Storage, 'kind' | 'check'> | undefined;
  readonly monitor: Pick<ErrorMonitor, 'streakOf'>;
  /** Who may read it. */
  readonly guard: Middleware<PortalState>;
  readonly now: () => number;
}

/**
 * `GET /health/detailed`: what the portal depends on, and how that is. It is 200 also when that is not well: every instance depends
 * on the same, and one that is taken out of service for it helps nobody. No service is asked for it: it tells what the calls that
 * players caused have met.
 */
export function addDetailedHealthRoute(
  router: Router<PortalState>,
  { services, storage, monitor, guard, now }: DetailedHealthDependencies,
): void {
  const startedAt = now();
  const checkDatabase = storage && createDatabaseCheck(storage);

  router.get('/health/detailed', guard, async (ctx) => {
    const dependencies = Object.fromEntries(services.map((one) => [one.name, serviceHealth(one)]));
    const database = checkDatabase && { database: await checkDatabase() };
    const all: readonly { status: string }[] = Object.values({ ...dependencies, ...database });
    ctx.set('Cache-Control', 'no-store');
    ctx.body = {
      status: all.every(({ status }) => status === 'ok') ? 'ok' : 'degraded',
      version: version(),
      uptime_seconds: Math.floor((now() - startedAt) / 1000),
      time: iso(now()),
      dependencies: { ...dependencies, ...database },
    };
  });

  function serviceHealth(service: ServiceHandle) {
    const forced = service.forcedSince();
    const calls = service.states().map(({ call, breaker, since }) => {
      const streak = monitor.streakOf(service.name, call);
      const failures = streak?.failures ?? 0;
      const lastSuccess = streak?.lastSuccess;
      return {
        call,
        status: breaker === 'closed' && failures === 0 ? 'ok' : 'degraded',
        breaker,
        breaker_since: iso(since),
        consecutive_failures: failures,
        last_success: lastSuccess === undefined ? null : iso(lastSuccess),
      };
    });
    const well = forced === undefined && calls.every(({ status }) => status === 'ok');
    return {
      status: well ? 'ok' : 'degraded',
      forced_outage_since: forced === undefined ? null : iso(forced),
      calls,
    };
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
