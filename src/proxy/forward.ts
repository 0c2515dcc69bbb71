import { Agent as HttpAgent, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type HttpProxy from 'http-proxy';
import type { Link } from './link.ts';

const require = createRequire(import.meta.url);
// http-proxy 1.18 loads util._extend, of which Node 24 warns; it is Object.assign.
(require('node:util') as { _extend: unknown })._extend = Object.assign;
const httpProxy = require('http-proxy') as typeof HttpProxy;

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
    // The path goes on as it came: without this, http-proxy parses it and cuts at #.
    toProxy: true,
  });
  const answered = new WeakMap<ServerResponse, (response: IncomingMessage) => void>();
  engine.on('proxyRes', (upstream, _request, response) => answered.get(response)?.(upstream));

  return {
    attach(link) {
      const agent = agentFor(target);
      let busy = 0;
      link.onGone(() => agent.destroy());
      // What the upstream does to its idle connection, the client sees: no pool that can go stale.
      const watched = new WeakSet<object>();
      agent.on('free', (socket) => {
        if (watched.has(socket)) return;
        watched.add(socket);
        socket.once('close', () => {
          if (busy === 0) void link.close();
        });
      });
      return async (request, response) => {
        busy++;
        response.once('close', () => busy--);
        const buffer = await unframed(request);
        return new Promise((resolve, reject) => {
          answered.set(response, resolve);
          // A client that leaves ends the upstream's connection with its own; http-proxy alone would leak it.
          const forget = link.onGone(() => reject(new Error('the client is gone')));
          response.once('close', forget);
          engine.web(request, response, { agent, ...(buffer ? { buffer } : {}) }, reject);
        });
      };
    },
  };
}

function agentFor(target: string): HttpAgent {
  const options = { keepAlive: true, maxSockets: 1 };
  return target.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
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
