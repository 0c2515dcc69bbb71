import type { Writable } from 'node:stream';
import type { Stage } from './stage.ts';

/** One direction of a link: bytes go in at one end, through the stages that faults put there, to a socket. */
export interface Pipe {
  /** Takes bytes; false when no more should come until `onFree` is called. Nothing is lost by sending more. */
  write(bytes: Buffer): boolean;
  /** Takes bytes, and resolves when more may come. */
  send(bytes: Buffer): Promise<void>;
  /** What is written until this turn of the event loop ends goes out together. */
  gather(): void;
  /** A FIN after all that was written. */
  end(): void;
  /** More may be written. */
  readonly free: boolean;
  /** Bytes that were handed to the socket. */
  readonly sent: number;
  /** When that was last, by `performance.now`. */
  readonly sentAt: number;
  /** Adds a stage after those that stand; gives what takes it away. */
  shape(stage: Stage): () => void;
  /**
   * Resolves when all that was written has been handed to the system, or the pipe is broken; `midway` only what has come
   * through the stages.
   */
  flushed(midway?: boolean): Promise<void>;
  /** Drops what is under way, and all that comes. */
  break(): void;
}

/**
 * @param sink the socket, asked for when there is something to write
 * @param onFree called when more may be written again
 */
export function createPipe(sink: () => Writable, onFree: () => void): Pipe {
  let stages: readonly Stage[] = [];
  const waiting: { readonly bytes: Buffer; readonly arrivedAt: number }[] = [];
  const watchers = new Set<() => void>();
  let [queued, sent, sentAt] = [0, 0, 0];
  let running = false;
  let ending = false;
  let broken = false;
  let full = false;
  let gathered: Buffer[] | undefined;
  let gatheredBytes = 0;

  return {
    write,
    async send(bytes) {
      if (!write(bytes)) await freed();
    },
    gather() {
      if (gathered || broken) return;
      gathered = [];
      gatheredBytes = 0;
      process.nextTick(letOut);
    },
    end() {
      if (ending || broken) return;
      ending = true;
      if (!running) void run();
    },
    get free() {
      return isFree();
    },
    get sent() {
      return sent;
    },
    get sentAt() {
      return sentAt;
    },
    shape(stage) {
      stages = [...stages, stage];
      return () => void (stages = stages.filter((other) => other !== stage));
    },
    async flushed(midway = false) {
      while (running && !broken && !midway) await changed();
      letOut();
      if (broken || sent === 0) return;
      const socket = sink();
      // What the system took at once needs no telling.
      if (socket.destroyed || socket.writableEnded || socket.writableLength === 0) return;
      await new Promise<void>((resolve) => {
        watchers.add(resolve);
        socket.write(NOTHING, () => resolve());
      });
    },
    break() {
      broken = true;
      waiting.length = 0;
      queued = 0;
      tell();
    },
  };

  function write(bytes: Buffer): boolean {
    if (broken || ending) return true;
    if (stages.length === 0 && !running) return put(bytes);
    waiting.push({ bytes, arrivedAt: performance.now() });
    queued += bytes.length;
    if (!running) void run();
    return isFree();
  }

  /** What was gathered goes in one piece: the system is called once, and Node hands over one buffer faster than two. */
  function letOut(): void {
    const pieces = gathered;
    gathered = undefined;
    if (pieces && pieces.length > 0 && !broken) hand(Buffer.concat(pieces));
  }

  function put(bytes: Buffer): boolean {
    sent += bytes.length;
    sentAt = performance.now();
    gatheredBytes += bytes.length;
    if (gathered && gatheredBytes <= GATHERED_AT_MOST) {
      gathered.push(bytes);
      return true;
    }
    letOut();
    return hand(bytes);
  }

  function hand(bytes: Buffer): boolean {
    const socket = sink();
    if (socket.write(bytes)) return true;
    if (!full) {
      full = true;
      const empty = () => {
        socket.off('drain', empty).off('close', empty);
        full = false;
        tell();
      };
      socket.once('drain', empty).once('close', empty);
    }
    return false;
  }

  function isFree(): boolean {
    return broken || (!full && queued < HELD_AT_MOST);
  }

  /** Takes what waits through the stages, one after another, and then the end. */
  async function run(): Promise<void> {
    running = true;
    for (let next = waiting.shift(); next && !broken; next = waiting.shift()) {
      await pass(next.bytes, next.arrivedAt, stages);
      queued = Math.max(0, queued - next.bytes.length);
      tell();
    }
    if (ending && !broken) {
      for (const stage of stages) await stage.end?.();
      letOut();
      if (!broken) sink().end();
    }
    running = false;
    tell();
  }

  async function pass(
    bytes: Buffer,
    arrivedAt: number,
    [stage, ...further]: readonly Stage[],
  ): Promise<void> {
    if (broken || bytes.length === 0) return;
    if (stage?.data) {
      await stage.data(bytes, (piece) => pass(piece, arrivedAt, further), arrivedAt);
    } else if (stage) {
      await pass(bytes, arrivedAt, further);
    } else if (!put(bytes)) {
      while (full && !broken) await changed();
    }
  }

  async function freed(): Promise<void> {
    while (!isFree()) await changed();
  }

  function changed(): Promise<void> {
    return new Promise((resolve) => watchers.add(resolve));
  }

  function tell(): void {
    for (const watch of watchers) watch();
    watchers.clear();
    if (isFree()) onFree();
  }
}

const NOTHING = Buffer.alloc(0);
/** More is not copied to be gathered. */
const GATHERED_AT_MOST = 16 * 1024;
/** What a stage may keep waiting before its source is no longer read: a client that leaves is seen only by reading. */
const HELD_AT_MOST = 1024 ** 2;
