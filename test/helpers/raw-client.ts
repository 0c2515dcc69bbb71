import { connect, type Socket } from 'node:net';

/** How a connection ended, as a client that reads raw bytes sees it. */
export type RawEnd = 'fin' | 'rst' | 'refused';

export interface RawClient {
  /** All that came so far, one character a byte. */
  readonly text: string;
  readonly ended: Promise<RawEnd>;
  /** Resolves when both sides have ended: whether an error came, be it after the end. */
  readonly failed: Promise<boolean>;
  send(text: string | Buffer): void;
  /** Resolves when `found` holds of what came, or gives how the connection ended before it did. */
  until(found: (text: string) => boolean): Promise<RawEnd | undefined>;
  /** Reads one answer that has a content-length (or none and no body) off what came. */
  answer(bodiless?: boolean): Promise<RawEnd | RawAnswer>;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends our side only. */
  finish(): void;
  destroy(): void;
  reset(): void;
}

export interface RawAnswer {
  readonly raw: string;
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Connects without HTTP: http clients report FIN and RST alike. */
export function rawClient(url: string): RawClient {
  const { hostname, port } = new URL(url);
  // An address of IPv6 stands in brackets.
  const host = hostname.replace(/^\[|\]$/g, '');
  return rawPeer(connect({ host, port: Number(port), allowHalfOpen: true }));
}

/** One end of a connection, be it the one that has accepted it. It ends its own side only when it is told to. */
export function rawPeer(socket: Socket): RawClient {
  let [text, read] = ['', 0];
  let end: RawEnd | undefined;
  const watchers = new Set<() => void>();
  const tell = () => [...watchers].forEach((watch) => watch());
  const finish = (how: RawEnd) => {
    end ??= how;
    tell();
  };
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    tell();
  });
  socket.on('end', () => finish('fin'));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    finish(error.code === 'ECONNREFUSED' ? 'refused' : 'rst');
  });
  const failed = new Promise<boolean>((resolve) => {
    socket.on('close', (hadError) => {
      finish('fin');
      resolve(hadError);
    });
  });

  const until = (found: (text: string) => boolean): Promise<RawEnd | undefined> =>
    new Promise((resolve) => {
      const watch = () => {
        if (!found(text) && end === undefined) return;
        watchers.delete(watch);
        resolve(found(text) ? undefined : end);
      };
      watchers.add(watch);
      watch();
    });

  return {
    get text() {
      return text;
    },
    failed,
    ended: until(() => false) as Promise<RawEnd>,
    send: (bytes) => void socket.write(bytes),
    until,
    async answer(bodiless = false) {
      const whole = () => {
        const found = answerIn(text.slice(read), bodiless);
        if (found) read += found.raw.length;
        return found;
      };
      let found: RawAnswer | undefined;
      const ended = await until(() => (found ??= whole()) !== undefined);
      return ended ?? (found as RawAnswer);
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    finish: () => void socket.end(),
    destroy: () => void socket.destroy(),
    reset: () => void socket.resetAndDestroy(),
  };
}

function answerIn(text: string, bodiless: boolean): RawAnswer | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd);
  const status = Number(head.split(' ')[1]);
  const none = bodiless || status === 204 || status === 304 || status < 200;
  const length = none ? 0 : Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const end = headEnd + 4 + length;
  if (text.length < end) return undefined;
  return { raw: text.slice(0, end), status, head, body: text.slice(headEnd + 4, end) };
}
