import type { RouterContext } from '@koa/router';
import type { Next } from 'koa';
import type { PortalContext } from '../http/context.ts';
import { methodOf, type AnswerReport, type Observer } from '../observer.ts';
import type { AccessLog } from './access-log.ts';

/**
 * Stands around everything that answers, and tells of each request what became of it: also of errors, of addresses that
 * do not exist and of clients that went away.
 */
export function observeRequests({
  observer,
  accessLog,
  now,
}: {
  readonly observer: Pick<Required<Observer>, 'answered'>;
  readonly accessLog: AccessLog;
  readonly now: () => number;
}) {
  return async (ctx: PortalContext, next: Next): Promise<void> => {
    const startedAt = now();
    try {
      await next();
    } catch (error) {
      // What renders errors has failed itself: Koa will answer.
      ctx.state.failures = [error];
      ctx.status = 500;
      throw error;
    } finally {
      const answer = reportOf(ctx, now() - startedAt);
      observer.answered(answer);
      accessLog(ctx, answer);
      ctx.state.reported = true;
    }
  };
}

function reportOf(ctx: PortalContext, durationMs: number): AnswerReport {
  const { requestId, degraded, error } = ctx.state;
  return {
    method: methodOf(ctx.method),
    route: routeOf(ctx),
    status: ctx.status,
    gone: ctx.req.socket.destroyed,
    durationMs,
    requestId,
    degraded: degraded ?? NONE,
    code: error?.code,
  };
}

/** Of a path that exists, also where it does not know the method. */
function routeOf(ctx: PortalContext): string | undefined {
  const { _matchedRoute, matched } = ctx as Partial<RouterContext>;
  const path = _matchedRoute ?? matched?.[0]?.path;
  return path === undefined ? undefined : String(path);
}

const NONE: readonly string[] = [];
