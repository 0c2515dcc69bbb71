import { createHash, timingSafeEqual } from 'node:crypto';
import type { Next } from 'koa';
import type { Logger } from 'pino';
import type { Tokens } from '../accounts/tokens.ts';
import { unauthorized } from '../accounts/unauthorized.ts';
import { Forbidden } from '../errors/classes.ts';
import type { PortalContext } from '../http/context.ts';

/**
 * Lets nobody through but operators, who send `Authorization: Bearer <OPERATOR_TOKEN>`.
 * @throws {HttpError} 401 for no token or a wrong one, 403 for a player's, and for everyone where there is no operator's token
 */
export function operatorsOnly({
  token,
  tokens,
  log,
}: {
  readonly token: string | undefined;
  readonly tokens: Tokens;
  readonly log: Logger;
}) {
  const wanted = token === undefined ? undefined : digest(token);
  let told = false;

  return async (ctx: PortalContext, next: Next): Promise<void> => {
    ctx.set('Cache-Control', 'no-store');
    if (!wanted) {
      if (!told) log.warn('The monitoring routes were asked for and are off: set OPERATOR_TOKEN');
      told = true;
      throw new Forbidden('The monitoring routes are switched off here.', {
        code: 'monitoring_off',
      });
    }
    const [, given] = /^bearer +([\x21-\x7e]+) *$/i.exec(ctx.get('authorization')) ?? [];
    if (given === undefined) throw unauthorized('This is for operators: send their Bearer token.');
    if (!timingSafeEqual(digest(given), wanted)) {
      // Who calls is known where it is a player's token; it just does not open this door.
      ctx.state.user = await tokens.verify(given);
      throw new Forbidden('This is for operators.');
    }
    await next();
  };
}

/** Of one length, whatever was sent: comparing these takes as long for any. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
