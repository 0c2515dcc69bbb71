import { randomInt } from 'node:crypto';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BrownoutError } from '../common/errors.ts';
import { listen, type Listening } from '../common/server.ts';
import type { RequestHead } from './exchange.ts';
import type { FaultListener } from './fault.ts';
import type { Forward, Forwarder } from './forward.ts';
import { NO_REQUEST, type Journal, type OpenEntry } from './journal.ts';
import { createLink, type Link } from './link.ts';
import type { Firing, RuleBook, Scope } from './rules.ts';
import { serve, type Counts } from './serve.ts';
import { linkSurface, markOf } from './surface.ts';

/** A listening upstream: what a service under test connects to in the real upstream's place. */
export interface ProxyListener extends FaultListener, AsyncDisposable {
  readonly scope: Scope;
  readonly host: string;
  readonly port: number;
  /** Lets a rule that has just come act on the connections that are open already. */
  actOnLive(firing: Firing): void;
}

export interface ListenerOptions {
  readonly scope: Scope;
  readonly forwarder: Forwarder;
  readonly rules: RuleBook;
  readonly journal: Journal;
  /** Names the call that a request makes, null when it is none that is known. */
  callOf(request: RequestHead): string | null;
  readonly host: string;
  /** A fixed port; without it a random one that no other program is given while it is closed. */
  readonly port?: number | undefined;
}

export async function openListener(options: ListenerOptions): Promise<ProxyListener> {
  const { scope, forwarder, rules, journal, host } = options;
  const links = new Map<Duplex, { link: Link; forward: Forward; before: Counts }>();
  const http = createHttpServer({ requestTimeout: 0, headersTimeout: 0 }, onRequest);
  let server = createServer(SOCKETS, onConnection);
  let listening: Listening | undefined = await bind(server, host, options.port);
  const { port } = listening;
  let closings = 0;

  return {
    scope,
    host,
    port,
    actOnLive(firing) {
      for (const { link } of links.values()) {
        const entry = journal.open({ ...scope, ...NO_REQUEST, matched: [firing.rule.id] });
        void actOnLink(link, firing, entry, true);
      }
    },
    async close() {
      closings++;
      if (closings > 1) return;
      await shut();
      await refused(host, port);
    },
    async reopen() {
      closings--;
      if (closings > 0) return;
      server = createServer(SOCKETS, onConnection);
      listening = await listen(server, port, host);
    },
    [Symbol.asyncDispose]: shut,
  };

  async function shut(): Promise<void> {
    const closed = listening?.[Symbol.asyncDispose]();
    listening = undefined;
    for (const { link } of links.values()) link.abort();
    await closed;
  }

  function onConnection(socket: Socket): void {
    const link = createLink(socket);
    links.set(link.inner, {
      link,
      forward: forwarder.attach(link),
      before: { received: 0, sent: 0 },
    });
    link.onGone(() => links.delete(link.inner));
    const firings = rules.onConnection(scope);
    void accept(link, firings);
  }

  async function accept(link: Link, firings: readonly Firing[]): Promise<void> {
    if (firings.length > 0) {
      const matched = [...new Set(firings.map(({ rule }) => rule.id))];
      const entry = journal.open({ ...scope, ...NO_REQUEST, matched });
      for (const firing of firings) {
        if (!link.gone)
          await firing.fault.onLink?.(
            linkSurface(link, firing, markOf(firing, entry)),
            firing.values,
          );
      }
      entry.complete(link.gone ? (link.cut ?? 'client-gone') : 'answered');
    }
    if (link.gone) return;
    http.emit('connection', link.inner);
    link.start();
  }

  async function actOnLink(
    link: Link,
    firing: Firing,
    entry: OpenEntry,
    live: boolean,
  ): Promise<void> {
    await firing.fault.onLink?.(
      linkSurface(link, firing, markOf(firing, entry), live),
      firing.values,
    );
    entry.complete(link.gone ? (link.cut ?? 'client-gone') : 'answered');
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const known = links.get(request.socket);
    if (!known) return void response.destroy();
    const head = headOf(request);
    const call = options.callOf(head);
    const firings = rules.onRequest(scope, head, call);
    const matched = [...new Set(firings.map(({ rule }) => rule.id))];
    const entry = journal.open({ ...scope, call, method: head.method, path: head.target, matched });
    const { link, before } = known;
    void serve({ request, response, head, link, before, firings, entry }, known.forward).then(
      () => {
        known.before = { received: link.received, sent: link.sent };
      },
    );
  }
}

function headOf(request: IncomingMessage): RequestHead {
  const target = request.url ?? '';
  return {
    method: request.method ?? '',
    target,
    path: target.split(/[?#]/, 1)[0] ?? '',
    headers: request.headers,
  };
}

/**
 * Draws a port below Linux's ephemeral range: one that `listen(0)` gave may be handed to another program while it is
 * closed. The draw is not seeded: two runs with one seed must not fight for the same ports.
 */
async function bind(server: Server, host: string, port: number | undefined): Promise<Listening> {
  if (port !== undefined) return listen(server, port, host);
  for (let tries = 1; ; tries++) {
    try {
      return await listen(server, randomInt(LOWEST_PORT, HIGHEST_PORT + 1), host);
    } catch (error) {
      if (!(error instanceof BrownoutError) || tries >= PORT_TRIES) throw error;
    }
  }
}

/** Proves the closing by a connection of our own. */
function refused(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = connect({ host, port });
    const fail = (what: string) =>
      reject(
        new BrownoutError(
          'not_refused',
          `${host}:${port} was closed, but a connection to it ${what}`,
        ),
      );
    probe.once('connect', () => {
      probe.destroy();
      fail('was accepted: another program has taken the port');
    });
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? resolve() : fail(`failed with ${error.code}`),
    );
  });
}

/** Decide before a byte is read; keep sending to a client that has finished. */
const SOCKETS = { allowHalfOpen: true, pauseOnConnect: true };
const [LOWEST_PORT, HIGHEST_PORT] = [10_000, 32_767];
const PORT_TRIES = 50;
