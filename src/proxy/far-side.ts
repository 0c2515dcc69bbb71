import type { Duplex, Writable } from 'node:stream';
import type { Protocol } from './protocol.ts';
import { flow, type Connected } from './upstream.ts';

/** A link's connection to the upstream: made when it is first needed, and again after it was let go. */
export interface FarSide {
  /** Its socket; it is connected to now if it was not. */
  readonly socket: () => Writable;
  /** It has sent its FIN. */
  readonly ended: boolean;
  /** It broke, or could not be made. */
  readonly failed: boolean;
  readonly connected: boolean;
  /** Bytes that came from it. */
  readonly received: number;
  /** Ends the connection; the next bytes go by a new one. */
  disconnect(): void;
  /** Ends it once what was written has left. */
  leave(): void;
  /** Ends it as the client's was ended: by an RST. */
  abort(): void;
  /** Whether its bytes are wanted now. */
  regulate(wanted: boolean): void;
}

interface Ear {
  readonly protocol: () => Protocol | undefined;
  /** Nothing that it says matters any more. */
  readonly deaf: () => boolean;
  /** Bytes have been given to the protocol. */
  readonly onData: () => void;
  /** It could not be reached, and nobody has asked anything of it. */
  readonly onUnreached: () => void;
}

export function createFarSide(connect: () => Connected, ear: Ear): FarSide {
  let connected: Connected | undefined;
  let left: Duplex | undefined;
  let [ended, failed] = [false, false];
  let received = 0;

  return {
    socket: () => (connected ?? dial()).stream,
    get ended() {
      return ended;
    },
    get failed() {
      return failed;
    },
    get connected() {
      return connected !== undefined;
    },
    get received() {
      return received;
    },
    disconnect,
    leave,
    abort: () => connected?.abort(),
    regulate(wanted) {
      if (connected) flow(connected.stream, wanted);
    },
  };

  function dial(): Connected {
    const dialled = connect();
    connected = dialled;
    const { stream } = dialled;
    let reached = false;
    const heard = () => connected === dialled && !ear.deaf();
    const byTls = 'encrypted' in stream;
    stream.once(byTls ? 'secureConnect' : 'connect', () => (reached = true));
    stream.on('data', (bytes: Buffer) => {
      if (!heard()) return;
      received += bytes.length;
      ear.protocol()?.fromUpstream(bytes);
      ear.onData();
    });
    stream.on('end', () => {
      if (!heard()) return;
      if (ear.protocol()?.aside) return disconnect();
      ended = true;
      ear.protocol()?.upstreamEnded();
    });
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!heard()) return;
      if (ear.protocol()?.aside) return disconnect();
      // It was reached and has cut at once, before Node could tell that it is there.
      reached ||= !byTls && error.code === 'ECONNRESET';
      if (!reached && ear.protocol()?.unasked) {
        disconnect();
        return ear.onUnreached();
      }
      failed = true;
      ear.protocol()?.upstreamFailed(error);
    });
    return dialled;
  }

  function disconnect(): void {
    const old = connected;
    connected = undefined;
    old?.stream.destroy();
    left?.destroy();
  }

  function leave(): void {
    const stream = connected?.stream;
    if (!stream || stream.writableLength === 0) return disconnect();
    connected = undefined;
    left = stream;
    const grace = setTimeout(() => stream.destroy(), LEAVE_GRACE_MS);
    stream.once('close', () => clearTimeout(grace));
    stream.end(() => stream.destroy());
  }
}

/** An upstream that takes nothing cannot keep its connection. */
const LEAVE_GRACE_MS = 1000;
