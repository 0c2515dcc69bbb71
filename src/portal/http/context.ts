import type { ParameterizedContext } from 'koa';
import type { HttpError } from '../errors/http-error.ts';
import type { User } from '../accounts/accounts.ts';
import type { Caller } from '../stats/stats.ts';
import type { Trace } from '../upstream/trace.ts';

/** What the middleware finds out about a request, in this order. */
export interface PortalState {
  requestId: string;
  trace: Trace;
  /** Absent for an anonymous caller. */
  user?: User;
  /** The error that was answered. */
  error?: HttpError;
  /** The calls that the answer lacks: `leaderboard`, `player-stats`. */
  degraded?: readonly string[];
  /** What went wrong behind that, for the log alone. */
  failures?: unknown[];
  /** The request has had its line in the log. */
  reported?: true;
}

export type PortalContext = ParameterizedContext<PortalState>;

export function callerOf({ state: { requestId, trace, user } }: PortalContext): Caller {
  return { requestId, trace, ...(user && { user }) };
}
