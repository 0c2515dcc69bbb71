import cors from '@koa/cors';
import type { Middleware } from 'koa';
import type { PortalState } from './context.ts';

/**
 * Lets the pages of other sites read what the portal answers, errors too. Without `credentials`: who calls is told by a token that the page
 * itself has, never by a cookie, so `*` gives nothing away.
 * @param origins as in `HttpConfig`
 */
export function allowOrigins(origins: readonly string[]): Middleware<PortalState> {
  return cors({
    origin: ({ headers: { origin } }) =>
      origins.includes('*') ? '*' : origins.includes(origin ?? '') ? (origin ?? '') : '',
    exposeHeaders: EXPOSED,
    maxAge: 600,
    // Errors are answered within: nothing is thrown as far as here.
    keepHeadersOnError: false,
  });
}

const EXPOSED = ['X-Request-Id', 'Degraded', 'Retry-After', 'Location', 'WWW-Authenticate'];
