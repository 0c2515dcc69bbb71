import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createPipe, type Pipe } from './pipe.ts';
import type { End } from './journal.ts';
import type { Stream } from './stage.ts';
import type { Connected } from './upstream.ts';
import type { Mortal } from './waits.ts';

/** What follows the bytes of a link: it is given all that comes, and writes to the pipes what is to go on. */
export interface Protocol {
  fromClient(bytes: Buffer): void;
  fromUpstream(bytes: Buffer): void;
  /** The client has sent its FIN. */
  clientEnded(): void;
  upstreamEnded(): void;
  /** The upstream could not be reached, or its connection broke. True: the client is told of it by the protocol. */
  upstreamFailed(error: Error): boolean;
  /** Nothing is asked of the upstream, and the client is served without it: its connection may go. */
  readonly aside: boolean;
  /** More bytes may come from there. */
  wants(from: 'client' | 'upstream'): boolean;
}

/** A pair of connections: a client's, and one of our own to the upstream. */
export interface Link extends Mortal {
  readonly down: Pipe;
  readonly up: Pipe;
  /** Bytes that came from the client. */
  readonly received: number;
  /** How we cut it; undefined when we did not. */
  readonly cut: 'reset' | 'closed' | undefined;
  /** How it ended, once it is gone: `answered` where both sides had sent their FIN. */
  readonly end: End;
  /** The upstream's connection broke, or could not be made. */
  readonly upstreamFailed: boolean;
  /** Lets bytes move. */
  start(protocol: Protocol): void;
  /** Speaks to the client through what `wrap` makes of its socket. Only before `start`. */
  wrap(wrap: (raw: Socket) => Promise<Duplex>): Promise<void>;
  /** Connects to the upstream now, rather than when there is something to send. */
  connect(): void;
  /** Ends the connection to the upstream; the next bytes for it go by a new one. */
  disconnect(): void;
  /** Looks again at whether more bytes may come. */
  regulate(): void;
  /** Both streams, or one: whether a client that leaves has left for good cannot be told from a held one. */
  hold(stream: Stream | undefined, onHeld: () => void, until: Promise<void>): () => void;
  /** An RST after what was written has left, and had the time to be read. */
  reset(): Promise<void>;
  /** A FIN after what was written. */
  close(): Promise<void>;
  /** The client has left: what is under way for it ends. */
  giveUp(): void;
  /** An RST now, whatever is under way; of a closed link it ends what is left. */
  abort(): void;
  /** Calls back when the socket itself is no more: a closed link outlives its end by the client's last bytes. */
  onReleased(callback: () => void): void;
}

export interface LinkOptions {
  /** Makes a connection to the upstream. */
  readonly connect: () => Connected;
  /** What the client learns of an upstream that cannot be reached, or broke. */
  readonly upstreamError: 'reset' | 'close' | '502';
}

/** Makes a link of a socket that nothing has been read of. */
export function createLink(raw: Socket, { connect, upstreamError }: LinkOptions): Link {
  const callbacks = new Set<() => void>();
  const up = createPipe(() => (upstream ?? dial()).stream, regulate);
  const down = createPipe(() => client, regulate);
  let client: Duplex = raw;
  let upstream: Connected | undefined;
  let protocol: Protocol | undefined;
  let early: Buffer[] = [];
  let [received, earlyBytes, bothHeld] = [0, 0, 0];
  let [gone, cutting, clientEnded, upstreamFailed, upstreamEnded] = [
    false,
    false,
    false,
    false,
    false,
  ];
  let cut: 'reset' | 'closed' | undefined;

  raw.setNoDelay(true);
  attach(raw);
  raw.resume();

  const link: Link = {
    up,
    down,
    get received() {
      return received;
    },
    get gone() {
      return gone;
    },
    get cut() {
      return cut;
    },
    get end() {
      if (upstreamFailed) return 'upstream-failed';
      if (cut) return cut;
      return clientEnded && upstreamEnded ? 'answered' : 'client-gone';
    },
    get upstreamFailed() {
      return upstreamFailed;
    },
    start(made) {
      protocol = made;
      for (const bytes of early.splice(0)) made.fromClient(bytes);
      if (clientEnded && !gone) made.clientEnded();
      regulate();
    },
    async wrap(wrap) {
      detach(raw);
      raw.pause();
      for (const bytes of early.splice(0).reverse()) raw.unshift(bytes);
      [received, earlyBytes] = [0, 0];
      client = await wrap(raw);
      if (gone) client.destroy();
      else attach(client);
    },
    connect: () => void (upstream ?? dial()),
    disconnect() {
      const old = upstream;
      upstream = undefined;
      old?.stream.destroy();
    },
    regulate,
    onGone,
    hold,
    async reset() {
      if (gone) return;
      cutting = true;
      await settled();
      abort();
    },
    async close() {
      if (gone) return;
      cutting = true;
      await either(FLUSH_GRACE_MS, down.flushed());
      if (gone) return;
      cut = 'closed';
      client.end();
      // Unread input would turn the FIN into an RST: read on and drop it until the client ends too, or for a grace.
      client.resume();
      const grace = setTimeout(() => raw.destroy(), CLOSE_GRACE_MS);
      raw.once('close', () => clearTimeout(grace));
      end();
    },
    giveUp: () => void raw.destroy(),
    abort,
    onReleased: (callback) => void raw.once('close', callback),
  };
  return link;

  function attach(stream: Duplex): void {
    stream.on('data', onClientData).on('end', onClientEnd).on('error', onClientError);
    stream.on('close', onClientClose);
  }

  function detach(stream: Duplex): void {
    stream.off('data', onClientData).off('end', onClientEnd);
  }

  function onClientData(bytes: Buffer): void {
    // Between the decision to cut and the cut itself, nothing more is let in.
    if (cut || cutting) return;
    received += bytes.length;
    if (protocol) protocol.fromClient(bytes);
    else {
      early.push(bytes);
      earlyBytes += bytes.length;
    }
    regulate();
  }

  function onClientEnd(): void {
    clientEnded = true;
    // A client that leaves while nothing moves has given up: whoever holds its connection is told.
    if (cut || bothHeld > 0) raw.destroy();
    else protocol?.clientEnded();
    if (!gone && protocol && !upstream) client.end();
  }

  // A client that is gone is not an error of ours: 'close' follows and tells all who wait.
  function onClientError(): void {
    if (!gone) upstream?.abort();
  }

  function onClientClose(): void {
    if (client !== raw) raw.destroy();
    end();
  }

  function dial(): Connected {
    const dialled = connect();
    upstream = dialled;
    const current = () => upstream === dialled && !gone;
    dialled.stream.on('data', (bytes: Buffer) => {
      if (!current() || cutting) return;
      protocol?.fromUpstream(bytes);
      regulate();
    });
    dialled.stream.on('end', () => {
      if (!current()) return;
      if (protocol?.aside) return link.disconnect();
      upstreamEnded = true;
      protocol?.upstreamEnded();
    });
    dialled.stream.on('error', (error) => {
      if (!current()) return;
      if (protocol?.aside) return link.disconnect();
      upstreamFailed = true;
      if (protocol?.upstreamFailed(error)) return;
      // The client learns of a dead upstream as of a dead connection: there is no answer of ours that would be true.
      void (upstreamError === 'reset' ? link.reset() : link.close());
    });
    return dialled;
  }

  function regulate(): void {
    if (gone) return;
    const taking = protocol ? up.free && protocol.wants('client') : earlyBytes < EARLY_AT_MOST;
    if (taking === client.isPaused()) {
      if (taking) client.resume();
      else client.pause();
    }
    const giving = down.free && protocol?.wants('upstream') !== false;
    if (upstream && giving === upstream.stream.isPaused()) {
      if (giving) upstream.stream.resume();
      else upstream.stream.pause();
    }
  }

  function hold(stream: Stream | undefined, onHeld: () => void, until: Promise<void>): () => void {
    const stage = {
      async data(bytes: Buffer, pass: (bytes: Buffer) => Promise<void>) {
        onHeld();
        await until;
        await pass(bytes);
      },
      end: () => until,
    };
    const released = [
      ...(stream === 'up' ? [] : [down.shape(stage)]),
      ...(stream === 'down' ? [] : [up.shape(stage)]),
    ];
    if (!stream) bothHeld++;
    return () => {
      if (!stream) bothHeld--;
      for (const release of released) release();
    };
  }

  function abort(): void {
    // The system refuses to reset what is being shut down, and Node then loses the handle.
    const ending = gone || (raw.writableEnded && !raw.writableFinished);
    if (!gone) cut = 'reset';
    if (ending) raw.destroy();
    else raw.resetAndDestroy();
    end();
  }

  function onGone(callback: () => void): () => void {
    if (gone) callback();
    else callbacks.add(callback);
    return () => callbacks.delete(callback);
  }

  /** An RST discards what the system has not sent yet, and a Node client that reads data and RST at once sees an end. */
  async function settled(): Promise<void> {
    if (bothHeld > 0) return;
    await either(FLUSH_GRACE_MS, down.flushed());
    const left = RESET_GAP_MS - (performance.now() - down.sentAt);
    if (left > 0 && down.sent > 0) await either(Math.ceil(left));
  }

  /** Waits for `event`, for `ms`, or for the end of the link, whatever comes first. */
  function either(ms: number, event?: Promise<void>): Promise<void> {
    if (gone) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        forget();
        resolve();
      };
      const timer = setTimeout(finish, ms);
      const forget = onGone(finish);
      void event?.then(finish);
    });
  }

  function end(): void {
    if (gone) return;
    gone = true;
    // What the client sent before it left in peace still reaches the upstream; after a cut nothing does.
    const inPeace = cut === undefined && clientEnded && upstreamEnded;
    if (!inPeace) {
      up.break();
      upstream?.stream.destroy();
    }
    down.break();
    for (const callback of callbacks) callback();
    callbacks.clear();
  }
}

const CLOSE_GRACE_MS = 1000;
/** A reader that never reads cannot keep its connection from being cut. */
const FLUSH_GRACE_MS = 1000;
const RESET_GAP_MS = 20;
/** What a client may send before the rules have let it in. */
const EARLY_AT_MOST = 1024 ** 2;
