import type Koa from 'koa';
import type { Logger } from 'pino';
import { HttpError, type Severity } from '../errors/http-error.ts';
import type { PortalContext, PortalState } from '../http/context.ts';
import { hashUser } from '../log.ts';
import type { AnswerReport } from '../observer.ts';

/** Writes a line for a request that is over. */
export type AccessLog = (ctx: PortalContext, answer: AnswerReport) => void;

/**
 * One line for each request, and one only: of a request that failed it holds the error, too. What went well is told at
 * `debug`, so that a portal that is well is quiet and does not pay for lines that nobody reads.
 */
export function createAccessLog(app: Koa<PortalState>, log: Logger): AccessLog {
  app.on('error', (error: unknown, ctx?: PortalContext) => {
    if (ctx && !ctx.state.reported) (ctx.state.failures ??= []).push(error);
    // The answer was under way already, or it was no request's doing at all.
    else if (ctx?.req.socket.destroyed) log.debug({ err: error, ...idOf(ctx) }, GONE);
    else log.error({ err: error, ...(ctx && idOf(ctx)) }, 'An answer could not be sent');
  });

  return (ctx, answer) => {
    const { user, failures = [] } = ctx.state;
    // What a handler of errors threw comes before what it was to handle.
    const [err, ...before] = failures.toReversed();
    const level = levelOf(ctx, answer);
    if (!log.isLevelEnabled(level)) return;
    const { method, route, status, requestId, code, degraded } = answer;
    const where = route === undefined ? { path: pathOf(ctx) } : { route };
    log[level](
      {
        method,
        ...where,
        status,
        ...(code !== undefined && { code }),
        ...(degraded.length > 0 && { degraded }),
        durationMs: Math.round(answer.durationMs * 10) / 10,
        ...(user && { user: hashUser(user.id) }),
        requestId,
        ...(err !== undefined && { err }),
        ...(before.length > 0 && { before }),
      },
      answer.gone ? GONE : `${method} ${route ?? 'an unknown address'} answered ${status}`,
    );
  };
}

function levelOf({ state: { error } }: PortalContext, { status, gone }: AnswerReport): Severity {
  // Nobody is left to be told when the client has gone.
  if (gone || status < 400) return 'debug';
  return error instanceof HttpError ? error.severity : status < 500 ? 'info' : 'error';
}

/** As it was sent: a target that is no URL has no path that Koa could give. */
function pathOf({ originalUrl }: PortalContext): string {
  return originalUrl.replace(/[?#].*/s, '').slice(0, LONGEST_PATH);
}

function idOf({ state: { requestId } }: PortalContext): object {
  return { requestId };
}

const GONE = 'A client went away';
const LONGEST_PATH = 200;
