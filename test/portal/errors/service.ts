import { createServer } from 'node:http';
import Koa, { type Context, type Next } from 'koa';
import { listen } from '../../../src/common/server.ts';
import { handleErrors, type ErrorHandling } from '../../../src/portal/errors/index.ts';
import { request, type Answered, type SendOptions } from '../portal-under-test.ts';

/** A Koa service of somebody else, with the portal's error handling before whatever its requests do. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  /** What went to the app's `error` event. */
  readonly seen: unknown[];
  get(headers?: Record<string, string>): Promise<Answered>;
  send(method: string, options?: SendOptions, path?: string): Promise<Answered>;
}

export async function startService(
  work: (ctx: Context, next: Next) => unknown,
  options: ErrorHandling = {},
  before: (ctx: Context, next: Next) => unknown = (_ctx, next) => next(),
): Promise<Service> {
  const app = new Koa();
  const seen: unknown[] = [];
  app.on('error', (error) => seen.push(error));
  app.use(before);
  app.use(handleErrors(options));
  app.use(work);
  const handle = app.callback();
  const listening = await listen(
    createServer((request, response) => void handle(request, response)),
  );
  const send: Service['send'] = (method, options, path = '/') =>
    request(listening.url, method, path, options);
  return {
    url: listening.url,
    seen,
    send,
    get: (headers = {}) => send('GET', { headers }),
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

/** What a client gets where `error` is thrown. */
export async function answerTo(
  error: unknown,
  options: ErrorHandling = {},
  headers: Record<string, string> = {},
): Promise<Answered & { readonly seen: readonly unknown[] }> {
  await using service = await startService(() => {
    throw error;
  }, options);
  return { ...(await service.get(headers)), seen: service.seen };
}
