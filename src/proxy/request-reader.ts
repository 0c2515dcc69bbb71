import type { Segment } from './inbox.ts';
import type { Link } from './link.ts';
import type { Amount } from './parameter.ts';
import { sendCopy } from './send-copy.ts';
import type { Acted, Turn } from './turn.ts';
import { headFor, type Shared } from './turns.ts';

/** The body of a request on which rules act: kept as far as a fault wants to see it, and then sent on. */
export interface RequestReader {
  /** Resolves when so much of it has come, or all. */
  received(offset: Amount): Promise<void>;
  /** The whole of it, without its framing; undefined where it is too long to be kept. */
  body(): Promise<Buffer | undefined>;
  /** Sends the upstream a copy of the request by a connection of its own, and drops what comes back. */
  copy(): Promise<void>;
  /** Sends it on to the upstream as it comes. */
  forward(): Promise<void>;
  /** Resolves when what is sent on is sent whole, or nothing is: an upstream would take the next request for the rest. */
  forwarded(): Promise<void>;
  /** Reads the rest and drops it. */
  discard(): void;
}

export function createRequestReader(
  shared: Shared,
  link: Link,
  turn: Turn,
  acted: Acted,
): RequestReader {
  const { requestBody } = acted;
  const kept: Segment[] = [];
  let [payload, size] = [0, 0];
  let complete = false;
  let dropping = false;
  let forwarding: Promise<void> | undefined;

  return {
    async received(offset) {
      const framing = turn.request?.framing;
      const known = framing?.kind === 'length' ? framing.length : undefined;
      if ('bytes' in offset) await keepUntil(offset.bytes);
      else await keepUntil(known === undefined ? Infinity : Math.floor(known * offset.share));
    },
    async body() {
      await keepUntil(Infinity);
      return complete ? Buffer.concat(kept.filter(isPayload).map(({ bytes }) => bytes)) : undefined;
    },
    async copy() {
      await keepUntil(Infinity);
      if (!complete) return;
      const bytes = [headFor(shared, turn, acted.head), ...kept.map((segment) => segment.bytes)];
      await sendCopy(shared.connect(), Buffer.concat(bytes), turn.request?.method ?? 'GET', link);
    },
    forward: () => (forwarding = forward()),
    forwarded: () => (dropping ? Promise.resolve() : (forwarding ?? Promise.resolve())),
    discard() {
      dropping = true;
      const whole = requestBody.closed && requestBody.size === 0;
      if (!whole) forwarding ??= each(() => Promise.resolve());
    },
  };

  async function forward(): Promise<void> {
    const send = ({ bytes }: Segment) => (dropping ? Promise.resolve() : link.up.send(bytes));
    for (const segment of kept.splice(0)) await send(segment);
    await each(send);
  }

  async function keepUntil(wanted: number): Promise<void> {
    if (complete || payload >= wanted) return;
    // The client waits to be told to go on, and whoever would tell it has not been asked.
    if (turn.request?.expects && requestBody.size === 0 && acted.interim) {
      acted.interim = false;
      link.down.write(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'));
    }
    while (payload < wanted && size < KEPT_AT_MOST) {
      const segment = await requestBody.next();
      complete = segment === undefined;
      if (!segment) return;
      kept.push(segment);
      size += segment.bytes.length;
      if (segment.payload) payload += segment.bytes.length;
    }
  }

  /** Until the request is whole, or its connection gone. */
  async function each(take: (segment: Segment) => Promise<void>): Promise<void> {
    try {
      for (let next = await requestBody.next(); next; next = await requestBody.next()) {
        await take(next);
      }
    } catch {
      // Whoever waits for the response learns of it.
    }
  }
}

function isPayload(segment: Segment): boolean {
  return segment.payload;
}

const KEPT_AT_MOST = 64 * 1024 ** 2;
