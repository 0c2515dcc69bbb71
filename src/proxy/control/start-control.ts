import { createServer } from 'node:http';
import type { Router } from '@koa/router';
import Koa from 'koa';
import { BrownoutError } from '../../common/errors.ts';
import { listen, type Listening } from '../../common/server.ts';
import type { Proxy } from '../proxy.ts';
import { answerErrors } from './control-error.ts';
import { createEventStreams } from './event-stream.ts';
import { guardDataPorts, guardOrigin, guardToken, isLoopback, isToken } from './guard.ts';
import { createRoutes, type About } from './routes.ts';
import { toxiproxyRoutes } from './toxiproxy-routes.ts';
import { answerUnparsed } from './unparsed.ts';

/** What `GET /v1` tells beside the upstreams, and how it is served. */
export interface ControlOptions extends About {
  readonly proxy: Proxy;
  /** Routes of others that go by the same port. */
  readonly extend?: (router: Router) => void;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host?: string;
  /** Every request must carry it as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** How often a stream of events tells that it lives; 15,000 unless said. */
  readonly heartbeatMs?: number;
  /** How long a request may take to come, in milliseconds; 30,000 unless said. */
  readonly patienceMs?: number;
}

/**
 * Serves the control API of a proxy on a port of its own.
 * @throws {BrownoutError} `token_needed` for a host that others can reach without a token, `bad_token` for one that no
 * header can hold, `port_taken`
 */
export async function startControl(options: ControlOptions): Promise<Listening> {
  const { proxy, port, host = '127.0.0.1', token, extend, ...others } = options;
  const { heartbeatMs = 15_000, patienceMs = 30_000, ...about } = others;
  if (!isLoopback(host) && !token) {
    const message = `a control API on ${host} can be reached by others: it needs a token (--token or BROWNOUT_TOKEN)`;
    throw new BrownoutError('token_needed', message);
  }
  if (token && !isToken(token)) {
    const message = 'the token of the control API must be visible ASCII without white space';
    throw new BrownoutError('bad_token', message);
  }
  const app = new Koa();
  app.silent = true;
  app.use(answerErrors());
  app.use(guardDataPorts(proxy));
  app.use(guardOrigin(host));
  if (token) app.use(guardToken(token));
  app.use(toxiproxyRoutes(proxy));
  const streams = createEventStreams(heartbeatMs);
  const router = createRoutes(proxy, about, streams);
  extend?.(router);
  app.use(router.routes());
  app.use(router.allowedMethods());
  const answer = app.callback();
  const server = createServer(
    {
      // A request that never comes to its end holds nothing for longer.
      requestTimeout: patienceMs,
      headersTimeout: Math.min(patienceMs, 10_000),
      connectionsCheckingInterval: Math.min(patienceMs, 1000),
      // Without a Host it is refused as with a wrong one.
      requireHostHeader: false,
    },
    (request, response) => void answer(request, response),
  );
  answerUnparsed(server);
  const listening = await listen(server, port, host);
  return {
    ...listening,
    async [Symbol.asyncDispose]() {
      // Each comes to its end before its connection is cut.
      streams.end();
      await listening[Symbol.asyncDispose]();
    },
  };
}
