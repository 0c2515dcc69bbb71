import type { Next } from 'koa';
import type { PortalContext } from '../http/context.ts';
import type { Tokens } from './tokens.ts';
import { unauthorized } from './unauthorized.ts';

/**
 * Finds out who calls. Without an Authorization header the caller is anonymous and may pass.
 * @throws {HttpError} 401 for anything else than a valid Bearer token
 */
export function authenticate(tokens: Tokens) {
  return async (ctx: PortalContext, next: Next): Promise<void> => {
    const header = ctx.get('authorization');
    if (header) ctx.state.user = await tokens.verify(bearerToken(header));
    await next();
  };
}

function bearerToken(header: string): string {
  const match = /^bearer(?: +(.*))?$/i.exec(header);
  if (!match) throw unauthorized('Authorization must be a Bearer token.', 'invalid_request');
  if (!match[1]) {
    throw unauthorized('Authorization header Bearer token is blank', 'invalid_request');
  }
  return match[1];
}
