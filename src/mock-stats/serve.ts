import type { RequestListener } from 'node:http';
import type Koa from 'koa';

/** The request listener of a Koa app whose middleware sees to its own errors. */
export function serve(app: Koa): RequestListener {
  // What is left for Koa to print are connections that clients reset, which is daily business here.
  app.silent = true;
  const callback = app.callback();
  return (request, response) => void callback(request, response);
}

/** Throws where no request can catch it: a defect ends the process rather than passing for an answer. */
export function throwOutside(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
