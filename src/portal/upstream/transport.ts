import dns from 'node:dns';
import { setMaxListeners } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RequestInit, Response } from 'node-fetch';
import { SLOW_CONNECTION } from './failure.ts';

/** As node-fetch has it: its `agent` option and its Node stream of a body are used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The connections to another service, kept alive between calls. */
export interface Transport {
  readonly fetch: Fetch;
  /** Aborts when the transport is closed: for what puts its listeners away again. */
  readonly closing: AbortSignal;
  /** Runs work that uses the connections; its signal aborts when the transport is closed. */
  during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Gives up what is under way and destroys every socket. */
  close(): void;
}

export interface TransportOptions {
  /** Whom to trust, in PEM, where a service is reached by TLS; the well-known authorities unless given. */
  readonly ca?: string | undefined;
  /** How long opening a connection may take; as long as an attempt unless given. */
  readonly connectTimeoutMs?: number | undefined;
  /** How names are looked up; as the system does unless given. */
  readonly lookup?: LookupFunction;
}

export function openTransport(fetch: Fetch, options: TransportOptions = {}): Transport {
  const { ca, connectTimeoutMs } = options;
  const lookup = oneAtATime(options.lookup ?? dns.lookup);
  const shared = { keepAlive: true, lookup };
  const plain = prompt(wary(new http.Agent(shared)), 'connect', connectTimeoutMs);
  const tls = new https.Agent({ ...shared, ...(ca !== undefined && { ca }) });
  const secure = prompt(wary(tls), 'secureConnect', connectTimeoutMs);
  const agent = (url: URL) => (url.protocol === 'https:' ? secure : plain);
  // One controller each: what never ends would leave its listeners on a signal that all shared.
  const underWay = new Set<AbortController>();
  const all = new AbortController();
  setMaxListeners(0, all.signal);

  return {
    fetch: (url, init) => fetch(url, { ...init, agent }),
    closing: all.signal,
    async during(work) {
      const controller = new AbortController();
      if (all.signal.aborted) controller.abort();
      underWay.add(controller);
      try {
        return await work(controller.signal);
      } finally {
        underWay.delete(controller);
      }
    },
    close() {
      all.abort();
      for (const controller of underWay) controller.abort();
      plain.destroy();
      secure.destroy();
    },
  };
}

/**
 * What comes on a connection while nobody has asked anything, a second answer or the rest of one, must never be taken for
 * the answer to the next call. Node would drop it and keep the connection, of which the next bytes may be anything.
 */
function wary<A extends http.Agent>(agent: A): A {
  const keep = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  const giveUp = function (this: Duplex) {
    this.destroy();
  };
  return Object.assign(agent, {
    keepSocketAlive(socket: Duplex) {
      socket.on('data', giveUp);
      return keep(socket);
    },
    reuseSocket(socket: Duplex, request: http.ClientRequest) {
      socket.off('data', giveUp);
      reuse(socket, request);
    },
  });
}

/** Ends a connection that is not open in time: it may be a second one to the right address that answers. */
function prompt<A extends http.Agent>(
  agent: A,
  opened: 'connect' | 'secureConnect',
  ms: number | undefined,
): A {
  if (ms === undefined) return agent;
  const create = agent.createConnection.bind(agent) as (...args: unknown[]) => Socket;
  return Object.assign(agent, {
    createConnection(...args: unknown[]) {
      const socket = create(...args);
      const late = () => {
        const error = new Error(`no connection within ${ms} ms`);
        socket.destroy(Object.assign(error, { code: SLOW_CONNECTION }));
      };
      const timer = setTimeout(late, ms);
      const settled = () => clearTimeout(timer);
      socket.once(opened, settled).once('close', settled);
      return socket;
    },
  });
}

/**
 * Lets everyone who looks up the same name wait for the same answer. Each look-up holds one of the four threads of Node's pool, however
 * long the name server takes: a few calls to a service whose name cannot be found would keep passwords and files waiting, too.
 */
function oneAtATime(lookup: LookupFunction): LookupFunction {
  type Callback = Parameters<LookupFunction>[2];
  const waiting = new Map<string, Callback[]>();
  return (hostname, options, callback) => {
    const key = JSON.stringify([hostname, options.family, options.hints, options.all]);
    const others = waiting.get(key);
    if (others) {
      others.push(callback);
      return;
    }
    const all = [callback];
    waiting.set(key, all);
    lookup(hostname, options, (...answer) => {
      waiting.delete(key);
      for (const one of all) one(...answer);
    });
  };
}
