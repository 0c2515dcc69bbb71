import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { PortalState } from '../http/context.ts';
import type { ErrorMonitor } from './error-monitor.ts';
import { describeRecent, overviewOf, summaryOf } from './error-report.ts';
import { queryParameter, type QueryParameter } from './query.ts';
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
    const limit = queryParameter(ctx, 'limit', LIMIT);
    const withClientErrors = queryParameter(ctx, 'include_client_errors', WITH_CLIENT_ERRORS);
    const errors = monitor.recent(withClientErrors).slice(0, limit).map(describeRecent);
    ctx.body = { count: errors.length, errors };
  });

  router.get('/monitoring/errors/summary', operators, (ctx) => {
    const window = queryParameter(ctx, 'time_window', TIME_WINDOW);
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

const LIMIT: QueryParameter<number> = {
  fallback: '100',
  expected: 'a whole number from 1 to 1000',
  read: (text) => (/^[1-9]\d{0,2}$|^1000$/.test(text) ? Number(text) : undefined),
};

const WITH_CLIENT_ERRORS: QueryParameter<boolean> = {
  fallback: 'true',
  expected: 'true or false',
  read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
};

const TIME_WINDOW: QueryParameter<Window> = {
  fallback: '1h',
  expected: Object.keys(WINDOWS).join(', '),
  read: (text) => (isWindow(text) ? text : undefined),
};
