import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createFarSide } from './far-side.ts';
import type { End } from './journal.ts';
import { createPipe, type Pipe } from './pipe.ts';
import type { Protocol } from './protocol.ts';
import { holding, type Stream } from './stage.ts';
import { flow, type Connected } from './upstream.ts';
import { createLife, whicheverFirst, type Mortal } from './waits.ts';

/** A pair of connections: a client's, and one of our own to the upstream. */
export interface Link extends Mortal {
  readonly down: Pipe;
  readonly up: Pipe;
  /** Bytes that came from the client. */
  readonly received: number;
  /** Bytes that came from the upstream. */
  readonly returned: () => number;
  /** How it ended, once it is gone: `answered` where both sides had sent their FIN. */
  readonly end: End;
  /** The upstream's connection broke, or could not be made. */
  readonly upstreamFailed: boolean;
  /** Lets bytes move. */
  start(protocol: Protocol): void;
  /**
   * Speaks to the client through what `wrap` makes of its socket; where it makes nothing, the link is gone. Only before
   * `start`.
   */
  wrap(wrap: (raw: Socket) => Promise<Duplex | undefined>): Promise<void>;
  /** Connects to the upstream now, rather than when there is something to send. */
  connect(): void;
  /** Ends the connection to the upstream; the next bytes for it go by a new one. */
  disconnect(): void;
  /** Looks again at whether more bytes may come. */
  regulate(): void;
  /** Moves no byte of a stream, or of both, before `until`; gives what ends it. */
  hold(stream: Stream | undefined, onHeld: () => void, until: Promise<void>): () => void;
  /** An RST after what was written has left, and had the time to be read. `midway`: a stage asks, with bytes in hand. `both`: the upstream gets one, too. */
  reset(midway?: boolean, both?: 'both'): Promise<void>;
  /** A FIN after what was written. */
  close(midway?: boolean): Promise<void>;
  /** The client has left: what is under way for it ends. */
  giveUp(): void;
  /** An RST now, whatever is under way; of a closed link it ends what is left. */
  abort(): void;
  /** Calls back when the socket itself is no more: a closed link outlives its end by the client's last bytes. */
  onReleased(callback: () => void): void;
}

interface Options {
  /** Makes a connection to the upstream. */
  readonly connect: () => Connected;
}

/** Makes a link of a socket that nothing has been read of. */
export function createLink(raw: Socket, { connect }: Options): Link {
  const life = createLife();
  const early: Buffer[] = [];
  let client: Duplex = raw;
  let protocol: Protocol | undefined;
  let [received, earlyBytes, bothHeld] = [0, 0, 0];
  // While it wraps, the socket is read by whoever wraps it.
  let [cutting, clientEnded, wrapping] = [false, false, false];
  let cut: 'reset' | 'closed' | undefined;
  const far = createFarSide(connect, {
    protocol: () => protocol,
    deaf: () => life.gone || cutting,
    onData: () => wantsUpstream() || regulate(),
    onUnreached: () => void (clientEnded && client.end()),
  });
  const up = createPipe(far.socket, regulate);
  const down = createPipe(() => client, regulate);

  raw.setNoDelay(true);
  attach();
  raw.resume();

  return {
    up,
    down,
    get received() {
      return received;
    },
    returned: () => far.received,
    get gone() {
      return life.gone;
    },
    get end() {
      if (far.failed) return 'upstream-failed';
      return cut ?? (clientEnded && far.ended ? 'answered' : 'client-gone');
    },
    get upstreamFailed() {
      return far.failed;
    },
    start(made) {
      protocol = made;
      for (const bytes of early.splice(0)) made.fromClient(bytes);
      if (clientEnded && !life.gone) onClientEnd();
      regulate();
    },
    async wrap(wrap) {
      if (life.gone) return;
      // Who has sent its FIN by now will agree on nothing any more.
      if (clientEnded) return leave();
      raw.off('data', onClientData).off('end', onClientEnd);
      raw.pause();
      wrapping = true;
      for (const bytes of early.splice(0).reverse()) raw.unshift(bytes);
      [received, earlyBytes] = [0, 0];
      const made = await wrap(raw);
      wrapping = false;
      if (life.gone) return;
      if (!made) return leave();
      client = made;
      attach();
    },
    connect: () => void far.socket(),
    disconnect: () => far.disconnect(),
    regulate,
    onGone: (callback) => life.onGone(callback),
    hold,
    reset,
    close,
    giveUp: leave,
    abort,
    onReleased: (callback) => void raw.once('close', callback),
  };

  function attach(): void {
    client.on('data', onClientData).on('end', onClientEnd);
    // A client that is gone is not an error of ours: 'close' follows and tells all who wait.
    client.on('error', () => life.gone || far.abort());
    client.on('close', () => {
      if (client !== raw) raw.destroy();
      ended();
    });
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
    // What makes room regulates by itself.
    if (!wantsClient()) regulate();
  }

  function wantsClient(): boolean {
    return protocol ? up.free && protocol.wants('client') : earlyBytes < EARLY_AT_MOST;
  }

  function wantsUpstream(): boolean {
    return down.free && protocol?.wants('upstream') !== false;
  }

  function onClientEnd(): void {
    clientEnded = true;
    // A client that leaves while nothing moves has given up: whoever holds its connection is told.
    if (cut || bothHeld > 0) raw.destroy();
    else protocol?.clientEnded();
    if (!life.gone && protocol && !far.connected) client.end();
  }

  function regulate(): void {
    if (life.gone || wrapping) return;
    flow(client, wantsClient());
    far.regulate(wantsUpstream());
  }

  function hold(stream: Stream | undefined, onHeld: () => void, until: Promise<void>): () => void {
    const stage = holding(onHeld, until);
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

  async function reset(midway = false, both?: 'both'): Promise<void> {
    if (life.gone) return;
    cutting = true;
    if (bothHeld === 0) {
      await whicheverFirst(life, FLUSH_GRACE_MS, down.flushed(midway));
      // An RST discards what the system has not sent yet, and a Node client that reads data and RST at once sees an end.
      const left = RESET_GAP_MS - (performance.now() - down.sentAt);
      if (left > 0 && down.sent > 0) await whicheverFirst(life, Math.ceil(left));
    }
    if (both) far.abort();
    abort();
  }

  async function close(midway = false): Promise<void> {
    if (life.gone) return;
    cutting = true;
    await whicheverFirst(life, FLUSH_GRACE_MS, down.flushed(midway));
    if (life.gone) return;
    cut = 'closed';
    client.end();
    // Unread input would turn the FIN into an RST: read on and drop it until the client ends too, or for a grace.
    client.resume();
    const grace = setTimeout(() => raw.destroy(), CLOSE_GRACE_MS);
    raw.once('close', () => clearTimeout(grace));
    ended();
  }

  function abort(): void {
    // The system refuses to reset what is being shut down, and Node then loses the handle.
    const ending = life.gone || (client.writableEnded && !client.writableFinished);
    if (!life.gone) cut = 'reset';
    if (ending) raw.destroy();
    else raw.resetAndDestroy();
    // A closed link may still be leaving its upstream.
    far.disconnect();
    ended();
  }

  /** Gone at once: who awaits this asks next what became of it. */
  function leave(): void {
    raw.destroy();
    ended();
  }

  function ended(): void {
    if (!life.end()) return;
    // What the client sent before it left in peace still reaches the upstream; after a cut nothing that is still here does.
    const inPeace = cut === undefined && clientEnded && far.ended;
    if (inPeace) up.end();
    else {
      up.break();
      if (cut === 'closed') far.leave();
      else far.disconnect();
    }
    down.break();
  }
}

const CLOSE_GRACE_MS = 1000;
const FLUSH_GRACE_MS = 1000; // a reader that never reads cannot keep its connection from being cut
const RESET_GAP_MS = 20;
/** What a client may send before the rules have let it in. */
const EARLY_AT_MOST = 1024 ** 2;
