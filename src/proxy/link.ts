import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Mortal } from './waits.ts';

/**
 * A client's connection. The HTTP layer talks to `inner`; the link moves the bytes between it and the real socket, and so
 * can hold, cut and count them without the HTTP layer's knowledge.
 */
export interface Link extends Mortal {
  readonly inner: Duplex;
  /** Bytes that came from the client, and that were written to it. */
  readonly received: number;
  readonly sent: number;
  /** How we cut it; undefined when we did not. */
  readonly cut: 'reset' | 'closed' | undefined;
  /** Starts reading; until then nothing of the connection has been touched. */
  start(): void;
  /** Stops the bytes in both directions until released; `onHeld` is told when the first byte waits. */
  hold(onHeld: () => void): () => void;
  /** Resolves when all that was written has been handed to the system. */
  flushed(): Promise<void>;
  /** An RST after what was written has left, and had the time to be read. */
  reset(): Promise<void>;
  /** A FIN after what was written. */
  close(): Promise<void>;
  /** An RST now, whatever is under way. */
  abort(): void;
}

export function createLink(socket: Socket): Link {
  const callbacks = new Set<() => void>();
  const holds = new Set<() => void>();
  const waiting: (() => void)[] = [];
  let [received, sent, lastWrite] = [0, 0, 0];
  let gone = false;
  let cutting = false;
  let cut: 'reset' | 'closed' | undefined;

  const inner = new Duplex({
    read() {
      if (holds.size === 0) socket.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      whenFree(() => {
        if (gone) return done();
        sent += chunk.length;
        if (chunk.length > 0) lastWrite = performance.now();
        socket.write(chunk, () => done());
      });
    },
    final: (done) => whenFree(() => socket.end(() => done())),
    destroy(_error, done) {
      if (cut === undefined) socket.destroy();
      done(null);
    },
  });

  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    // Between the decision to cut and the cut itself, nothing more is let in.
    if (cut || cutting) return;
    received += chunk.length;
    // The chunk that had been read when the hold began waits here; the system keeps what comes after it.
    if (holds.size > 0) socket.pause();
    whenFree(() => {
      if (!gone && !inner.push(chunk)) socket.pause();
    });
  });
  socket.on('end', () => (cut ? socket.destroy() : whenFree(() => inner.push(null))));
  // A client that is gone is not an error of ours: 'close' follows and tells all who wait.
  socket.on('error', () => {});
  socket.on('close', end);
  socket.pause();

  return {
    inner,
    get received() {
      return received;
    },
    get sent() {
      return sent;
    },
    get gone() {
      return gone;
    },
    get cut() {
      return cut;
    },
    onGone(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    start: () => socket.resume(),
    hold(onHeld) {
      holds.add(onHeld);
      return () => {
        holds.delete(onHeld);
        while (holds.size === 0 && waiting.length > 0) waiting.shift()?.();
        if (holds.size === 0) socket.resume();
      };
    },
    flushed,
    async reset() {
      if (gone) return;
      cutting = true;
      await settled();
      abort();
    },
    async close() {
      if (gone) return;
      cutting = true;
      await flushed();
      if (gone) return;
      cut = 'closed';
      socket.end();
      // Unread input would turn the FIN into an RST: read on and drop it until the client ends too, or for a grace.
      socket.resume();
      const grace = setTimeout(() => socket.destroy(), CLOSE_GRACE_MS);
      socket.once('close', () => clearTimeout(grace));
      end();
    },
    abort,
  };

  function abort(): void {
    if (gone) return;
    cut = 'reset';
    socket.resetAndDestroy();
    end();
  }

  function whenFree(move: () => void): void {
    if (holds.size === 0 && waiting.length === 0) return move();
    waiting.push(move);
    for (const onHeld of holds) onHeld();
  }

  /** An RST discards what the system has not sent yet, and a Node client that reads data and RST at once sees an end. */
  async function settled(): Promise<void> {
    if (holds.size > 0) return;
    await flushed();
    const left = RESET_GAP_MS - (performance.now() - lastWrite);
    if (left > 0 && sent > 0) await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
  }

  function flushed(): Promise<void> {
    if (gone || holds.size > 0 || inner.writableEnded) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        callbacks.delete(done);
        resolve();
      };
      callbacks.add(done);
      inner.write(Buffer.alloc(0), done);
    });
  }

  function end(): void {
    if (gone) return;
    gone = true;
    inner.destroy();
    for (const callback of callbacks) callback();
    callbacks.clear();
    for (const move of waiting.splice(0)) move();
  }
}

const CLOSE_GRACE_MS = 1000;
const RESET_GAP_MS = 20;
