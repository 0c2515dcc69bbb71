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
import { NO_REQUEST, type Journal } from './journal.ts';
import { createLink, type Link } from './link.ts';
import type { ActiveRule, Firing, RuleBook, Scope } from './rules.ts';
import { serve, type Counts } from './serve.ts';
import { linkSurface, markOf } from './surface.ts';

/** A listening upstream: what a service under test connects to in the real upstream's place. */
export interface ProxyListener extends FaultListener, AsyncDisposable {
  readonly scope: Scope;
  readonly host: string;
  readonly port: number;
  /** Lets a rule that has just come act on the connections that are open already; resolves when what it cuts is cut. */
  actOnLive(rule: ActiveRule): Promise<void>;
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

/** Binds a port and serves what comes in on it. */
export async function openListener(options: ListenerOptions): Promise<ProxyListener> {
  const { scope, forwarder, rules, journal, host } = options;
  const links = new Map<Duplex, Connection>();
  const http = createHttpServer(HTTP, onRequest);
  // A request that expects something is a request like any other: its rules decide before anything is promised.
  http.on('checkContinue', onRequest);
  http.on('checkExpectation', onRequest);
  http.maxHeadersCount = 0;
  let listening: Listening | undefined = await bind(onConnection, host, options.port);
  const { port } = listening;
  let closings = 0;
  let disposed = false;

  return {
    scope,
    host,
    port,
    async actOnLive(rule) {
      const acting = [...links.values()].flatMap(({ link }) => {
        const firings = link.gone ? [] : rules.onLive(rule);
        if (firings.length === 0) return [];
        const acted = actOnLink(link, firings, true);
        return firings.some(({ fault }) => fault.waits) ? [] : [acted];
      });
      await Promise.all(acting);
    },
    async close() {
      closings++;
      if (closings > 1 || disposed) return;
      await shut();
      try {
        await refused(host, port);
      } catch (error) {
        closings--;
        await reopen().catch(() => {});
        throw error;
      }
    },
    async reopen() {
      closings--;
      if (closings === 0) await reopen();
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
      await shut();
    },
  };

  async function reopen(): Promise<void> {
    if (disposed) return;
    listening = await listen(serverFor(onConnection), port, host);
    if (disposed) await shut();
  }

  async function shut(): Promise<void> {
    // Before the server ends them by FIN.
    for (const { link } of links.values()) link.abort();
    const closed = listening?.[Symbol.asyncDispose]();
    listening = undefined;
    await closed;
  }

  function onConnection(socket: Socket): void {
    const link = createLink(socket);
    const counts = { received: 0, sent: 0 };
    const turn = Promise.resolve();
    links.set(link.inner, { link, forward: forwarder.attach(link), counts, turn });
    link.onReleased(() => links.delete(link.inner));
    void accept(link, rules.onConnection(scope));
  }

  async function accept(link: Link, firings: readonly Firing[]): Promise<void> {
    const release = link.hold(() => {});
    if (firings.length > 0) await actOnLink(link, firings, false);
    if (!link.gone) http.emit('connection', link.inner);
    release();
  }

  async function actOnLink(link: Link, firings: readonly Firing[], live: boolean): Promise<void> {
    const matched = idsOf(firings);
    const entry = journal.open({ ...scope, ...NO_REQUEST, matched });
    for (const firing of firings) {
      if (link.gone || firing.rule.waits.released) continue;
      const surface = linkSurface(link, firing, markOf(firing, entry), live);
      await firing.fault.onLink?.(surface, firing.values);
    }
    entry.complete(link.gone ? (link.cut ?? 'client-gone') : 'answered');
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    const known = links.get(request.socket);
    if (!known) return void response.destroy();
    const head = headOf(request);
    const call = options.callOf(head);
    const firings = rules.onRequest(scope, head, call);
    const opening = { ...scope, call, method: head.method, path: head.target };
    const entry = journal.open({ ...opening, matched: idsOf(firings) });
    const before = known.turn;
    known.turn = inTurn(known);

    /** Pipelined requests are served in turn, so that a cut of one never takes the answer before it away. */
    async function inTurn(known: Connection): Promise<void> {
      await before;
      const { link, forward, counts } = known;
      await serve({ request, response, head, link, before: counts, firings, entry }, forward);
      known.counts = { received: link.received, sent: link.sent };
    }
  }
}

interface Connection {
  readonly link: Link;
  readonly forward: Forward;
  /** The link's counts when its last exchange had ended. */
  counts: Counts;
  /** Resolves when the exchange before the next one has ended. */
  turn: Promise<void>;
}

function idsOf(firings: readonly Firing[]): string[] {
  return [...new Set(firings.map(({ rule }) => rule.id))];
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

type OnConnection = (socket: Socket) => void;

function serverFor(onConnection: OnConnection): Server {
  const server = createServer(SOCKETS, onConnection);
  // A connection that could not be accepted (no descriptors left) must not end the process.
  server.on('error', () => {});
  return server;
}

/**
 * Draws a port below Linux's ephemeral range: one that `listen(0)` gave may be handed to another program while it is
 * closed. The draw is not seeded: two runs with one seed must not fight for the same ports.
 */
async function bind(on: OnConnection, host: string, port: number | undefined): Promise<Listening> {
  if (port !== undefined) return listen(serverFor(on), port, host);
  for (let tries = 1; ; tries++) {
    try {
      return await listen(serverFor(on), randomInt(LOWEST_PORT, HIGHEST_PORT + 1), host);
    } catch (error) {
      const taken = error instanceof BrownoutError && error.code === 'port_taken';
      if (!taken || tries >= PORT_TRIES) throw error;
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
/** No limit of ours where the upstream may have none: a slow client, an idle connection, large headers. */
const HTTP = {
  requestTimeout: 0,
  headersTimeout: 0,
  keepAliveTimeout: 0,
  maxHeaderSize: 1024 ** 2,
};
const [LOWEST_PORT, HIGHEST_PORT] = [10_000, 32_767];
const PORT_TRIES = 50;
