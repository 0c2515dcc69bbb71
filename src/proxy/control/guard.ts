import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Middleware } from 'koa';
import { ControlError } from './control-error.ts';

/** Whether a host is this machine only: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Keeps web pages out. A page that has its own name rebound to this machine sends that name as Host, and one that posts a
 * form across sites sends its Origin.
 */
export function guardOrigin(boundTo: string): Middleware {
  const anyAddress = boundTo === '0.0.0.0' || boundTo === '::';
  const known = (host: string) =>
    isLoopback(host) || host === boundTo || (anyAddress && isIP(host) !== 0);
  return (ctx, next) => {
    const host = ctx.get('host');
    if (!known(nameIn(host))) {
      throw new ControlError(403, `the host "${host}" is not one of this control API`);
    }
    const origin = ctx.get('origin');
    if (origin !== '' && origin !== `http://${host}`) {
      throw new ControlError(403, `the origin "${origin}" may not use this control API`);
    }
    return next();
  };
}

/** Asks every request for the token. */
export function guardToken(token: string): Middleware {
  const wanted = digest(`Bearer ${token}`);
  return (ctx, next) => {
    if (timingSafeEqual(digest(ctx.get('authorization')), wanted)) return next();
    throw new ControlError(401, 'this control API needs its token: Authorization: Bearer <token>', {
      'www-authenticate': 'Bearer',
    });
  };
}

/** The host of a Host header, without its port; empty where it is none. */
function nameIn(host: string): string {
  const match = /^(?:\[([\da-f:]+)\]|([\w.-]+))(?::\d+)?$/i.exec(host);
  return (match?.[1] ?? match?.[2] ?? '').toLowerCase();
}

/** Of one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
