import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { PortalState } from '../http/context.ts';
import { count } from '../settings.ts';
import type { ErrorMonitor } from './error-monitor.ts';
import { describeRecent, overviewOf, summaryOf } from './error-report.ts';
import { queryParameter } from './query.ts';
import { isWindow, WINDOWS, type Window } from './windows.ts';

/** What operators ask about errors: `/monitoring/errors` and below, `/monitoring/alerts`, `POST /monitoring/reset`. */
export function addErrorRoutes(
  router: Router<PortalState>,
  {
    monitor,
    operators,
    log,
    now,
  }: {
    readonly monitor: ErrorMonitor;
    readonly operators: Middleware<PortalState>;
    readonly log: Logger;
    readonly now: () => number;
  },
): void {
  router.get('/monitoring/errors', operators, (ctx) => {
    ctx.body = overviewOf(monitor, now());
  });

  router.get('/monitoring/errors/recent', operators, (ctx) => {
    const limit = queryParameter(ctx, 'limit', '100', count(1, 1000));
    const withClientErrors = queryParameter(ctx, 'include_client_errors', 'true', trueOrFalse);
    const errors = monitor.recent(withClientErrors).slice(0, limit).map(describeRecent);
    ctx.body = { count: errors.length, errors };
  });

  router.get('/monitoring/errors/summary', operators, (ctx) => {
    const window = queryParameter(ctx, 'time_window', '1h', timeWindow);
    ctx.body = summaryOf(monitor, window, now());
  });

  router.get('/monitoring/alerts', operators, (ctx) => {
    const alerts = monitor.alerts();
    ctx.body = { count: alerts.length, alerts };
  });

  router.post('/monitoring/reset', operators, (ctx) => {
    monitor.reset();
    const { requestId } = ctx.state;
    log.info({ requestId }, 'An operator has reset the error monitor');
    ctx.body = overviewOf(monitor, now());
  });
}

function trueOrFalse(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new RangeError('expected true or false');
}

function timeWindow(text: string): Window {
  if (isWindow(text)) return text;
  throw new RangeError(`expected one of ${Object.keys(WINDOWS).join(', ')}`);
}
