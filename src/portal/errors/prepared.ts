import type { Context } from 'koa';

/**
 * Removes the headers that a handler had prepared for a success: a type, an ETag, a cache lifetime, a cookie. Those that hold for errors
 * as well stay: CORS, security, tracing, rate limits, and the names in `keep`, in lower case.
 */
export function dropPrepared(ctx: Context, keep: readonly string[] = []): void {
  for (const name of Object.keys(ctx.response.headers)) {
    if (!KEPT.test(name) && !keep.includes(name)) ctx.remove(name);
  }
}

const KEPT = new RegExp(
  `^(${[
    'vary',
    'access-control-.*',
    '(x-)?(request|correlation)-id',
    'traceparent|tracestate|server-timing',
    '(x-)?ratelimit.*',
    'strict-transport-security|content-security-policy.*|permissions-policy|referrer-policy',
    'cross-origin-.*|origin-agent-cluster|x-content-type-options|x-frame-options',
    'x-xss-protection|x-dns-prefetch-control|x-download-options|x-permitted-cross-domain-policies',
  ].join('|')})$`,
);
