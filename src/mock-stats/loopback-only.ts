import type { Context, Next } from 'koa';

/**
 * Refuses, with 403, what a web page could send through the browser of whoever runs the mock: a Host that is not loopback (DNS
 * rebinding) and an Origin other than the control server's own.
 */
export async function loopbackOnly(context: Context, next: Next): Promise<void> {
  const { host = '', origin } = context.req.headers;
  if (!LOOPBACK.test(host)) context.throw(403, 'the control routes answer to a loopback Host only');
  if (origin !== undefined && origin !== `http://${host}`) {
    context.throw(403, `the control routes are not for pages of ${origin}`);
  }
  await next();
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;
