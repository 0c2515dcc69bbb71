import { connect, type Socket } from 'node:net';
import { BrownoutError } from '../common/errors.ts';
import { listen, type Listening } from '../common/server.ts';
import { bind, serverFor } from './bind.ts';
import { createConnections } from './connections.ts';
import type { FaultListener } from './fault.ts';
import type { ActiveRule, Scope } from './rules.ts';
import type { Traffic } from './traffic.ts';
import type { Shared } from './turns.ts';

/** A listening upstream: what a service under test connects to in the real upstream's place. */
export interface ProxyListener extends FaultListener, AsyncDisposable {
  readonly scope: Scope;
  readonly host: string;
  readonly port: number;
  /** It is of this run, or of none, from now on; what is under way stays whose it was. */
  lend(run: string | undefined): void;
  /** Lets a rule that has just come act on the connections that are open already; resolves when what it cuts is cut. */
  actOnLive(rule: ActiveRule): Promise<void>;
  /** What its connections have moved. */
  traffic(): Traffic;
}

export interface ListenerOptions {
  readonly scope: Scope;
  readonly shared: Omit<Shared, 'scope' | 'lent'>;
  readonly protocol: 'http' | 'tcp';
  readonly host: string;
  /** A fixed port; without it a random one that no other program is given while it is closed. */
  readonly port?: number | undefined;
}

/** Binds a port and serves what comes in on it. */
export async function openListener(options: ListenerOptions): Promise<ProxyListener> {
  const { protocol, host } = options;
  let { scope } = options;
  let lent = false;
  const shared: Shared = {
    ...options.shared,
    get scope() {
      return scope;
    },
    get lent() {
      return lent;
    },
  };
  const connections = createConnections(shared, protocol);
  const onConnection = (socket: Socket) => connections.take(socket);
  let listening: Listening | undefined = await bind(onConnection, host, options.port);
  const { port } = listening;
  let closings = 0;
  let disposed = false;

  return {
    get scope() {
      return scope;
    },
    lend(run) {
      lent = run !== undefined;
      scope = { ...scope, run: run ?? null };
      connections.passOn();
    },
    host,
    port,
    actOnLive: (rule) => connections.actOnLive(rule),
    traffic: () => connections.traffic(),
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
    connections.abort();
    const closed = listening?.[Symbol.asyncDispose]();
    listening = undefined;
    await closed;
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
