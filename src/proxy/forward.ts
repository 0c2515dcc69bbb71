import { Agent as HttpAgent, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createRequire } from 'node:module';
import { Readable, type Duplex } from 'node:stream';
import type HttpProxy from 'http-proxy';
import type { Link } from './link.ts';

const require = createRequire(import.meta.url);
// http-proxy 1.18 takes util._extend while it loads, of which Node 24 warns; it is Object.assign. Whoever uses brownout as a
// library gets util back as it was.
const util = require('node:util') as { _extend: unknown };
const { _extend: own } = util;
util._extend = Object.assign;
const httpProxy = require('http-proxy') as typeof HttpProxy;
util._extend = own;

/** Sends one request to the upstream and gives its response, head read and body not. */
export type Forward = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<IncomingMessage>;

export interface Forwarder {
  /** The forwarding of one link: one upstream connection for it, which ends with it. */
  attach(link: Link): Forward;
}

/**
 * Forwards whole messages by http-proxy. `ownHost` sends the target's name as Host instead of the client's.
 */
export function createForwarder(target: string, ownHost: boolean): Forwarder {
  const engine = httpProxy.createProxyServer({
    target,
    changeOrigin: ownHost,
    selfHandleResponse: true,
  });
  const waiting = new WeakMap<ServerResponse, Waiting>();
  engine.on('proxyRes', (upstream, _request, response) => waiting.get(response)?.resolve(upstream));
  engine.on('proxyReq', (sent, _request, response) => {
    // Whole messages only: without a listener Node drops the connection, and nobody is told.
    sent.once('upgrade', (_upstream, socket) => {
      socket.destroy();
      waiting.get(response)?.reject(new Error('the upstream switches protocols'));
    });
  });

  return {
    attach(link) {
      const { agent, beginExchange } = followedAgent(target, link);
      return async (request, response) => {
        beginExchange(response);
        // What the client's version of HTTP implies is said to the upstream, whose version is ours.
        if (!response.shouldKeepAlive) request.headers.connection = 'close';
        if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
        const buffer = await unframed(request);
        let forget = () => {};
        const answer = new Promise<IncomingMessage>((resolve, reject) => {
          waiting.set(response, { resolve, reject });
          // A client that leaves ends the upstream's connection with its own; http-proxy alone would leak it.
          forget = link.onGone(() => reject(new Error('the client is gone')));
          if (link.gone) return;
          const options = { agent, ssl: pathOf(request), ...(buffer ? { buffer } : {}) };
          engine.web(request, response, options, reject);
        });
        return answer.finally(forget);
      };
    },
  };
}

interface Waiting {
  resolve(upstream: IncomingMessage): void;
  reject(reason: Error): void;
}

/** The agent of one link, and what tells it of the link's exchanges. */
function followedAgent(target: string, link: Link) {
  const options = { keepAlive: true, maxSockets: 1 };
  const agent = target.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
  const followed = new WeakSet<Duplex>();
  let busy = 0;
  let pending: (() => void) | undefined;
  link.onGone(() => agent.destroy());
  agent.on('free', (socket: Duplex) => {
    if (followed.has(socket)) return;
    followed.add(socket);
    // What the upstream does to its idle connection, the client sees: no pool that can go stale.
    socket.once('close', (failed: boolean) => {
      pending = () => void (failed ? link.reset() : link.close());
      if (busy === 0) pending();
    });
  });
  return {
    agent,
    beginExchange: (response: ServerResponse) => {
      busy++;
      response.once('close', () => {
        busy--;
        if (busy === 0) pending?.();
      });
    },
  };
}

/** http-proxy joins slashes in the path that it sets and cuts it at #: here the path goes on as it came. */
function pathOf(request: IncomingMessage): object {
  return Object.defineProperty({}, 'path', { enumerable: true, get: () => request.url, set() {} });
}

/** http-proxy sends a chunked DELETE or OPTIONS with content-length 0 and its body after it: give it one with a length. */
async function unframed(request: IncomingMessage): Promise<Readable | undefined> {
  const affected = request.method === 'DELETE' || request.method === 'OPTIONS';
  if (!affected || request.headers['transfer-encoding'] === undefined) return undefined;
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  delete request.headers['transfer-encoding'];
  request.headers['content-length'] = String(body.length);
  return Readable.from([body]);
}
