import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { Middleware } from 'koa';
import type { Proxy } from '../proxy.ts';
import { ControlError } from './control-error.ts';

/** Whether a host is this machine only: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Keeps web pages out. A page that has its own name rebound to this machine sends that name as Host; one that posts a form
 * across sites sends its Origin; and where a browser sends none, as for an image, it says by Sec-Fetch-Site or Referer
 * whose page it was. What is no browser sends none of these.
 */
export function guardOrigin(boundTo: string): Middleware {
  // What others can reach has a token, which no page knows, and goes by whatever name their network gives it.
  const known = (host: string) => !isLoopback(boundTo) || isLoopback(host);
  return (ctx, next) => {
    const host = ctx.get('host');
    const own = `http://${host}`;
    const refuse = (what: string) => {
      throw new ControlError(403, `${what}: use it by its own address, and not from other pages`);
    };
    // Whoever is between may have gone by the other one.
    if ((ctx.req.headersDistinct['host']?.length ?? 0) > 1)
      throw new ControlError(400, 'the request names two hosts: send one Host');
    if (!known(nameIn(host))) refuse(`the host "${host}" is not one of this control API`);
    const origin = ctx.get('origin');
    if (origin !== '' && origin !== own)
      refuse(`the origin "${origin}" may not use this control API`);
    const site = ctx.get('sec-fetch-site');
    if (site !== '' && site !== 'same-origin' && site !== 'none')
      refuse(`a page of another site (${site}) may not use this control API`);
    // What Koa's get knows by another name.
    const { referer } = ctx.headers;
    if (referer && referer !== own && !referer.startsWith(`${own}/`))
      refuse(`the page "${referer}" may not use this control API`);
    return next();
  };
}

/** Keeps out what comes by a data port, whose upstream is this very server: whoever reaches that one may be anybody. */
export function guardDataPorts(proxy: Pick<Proxy, 'isOurs'>): Middleware {
  return (ctx, next) => {
    if (!proxy.isOurs(ctx.req.socket)) return next();
    throw new ControlError(403, 'a control API is not reached through a port of its own upstreams');
  };
}

/** Asks every request for the token. */
export function guardToken(token: string): Middleware {
  const wanted = digest(token);
  return (ctx, next) => {
    const [, given = ''] = /^bearer +([\x21-\x7e]+) *$/i.exec(ctx.get('authorization')) ?? [];
    if (timingSafeEqual(digest(given), wanted)) return next();
    throw new ControlError(401, 'this control API needs its token: Authorization: Bearer <token>', {
      'www-authenticate': 'Bearer',
    });
  };
}

/** Whether a token can be sent in a header. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
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
