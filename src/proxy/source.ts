import { STATUS_CODES } from 'node:http';
import type { Answer } from './exchange.ts';
import type { Framing, ParsedRequest } from './head.ts';
import type { Segment } from './inbox.ts';
import { withField, type WireHead } from './wire-head.ts';
import type { Acted, Responded } from './turn.ts';

/** A response on its way to the client: the upstream's, or a fault's answer. */
export interface Source {
  readonly status: number;
  readonly head: WireHead;
  readonly framing: Framing;
  readonly encoding: string | undefined;
  /** The next part of the body; undefined when there is no more. */
  readonly next: () => Promise<Segment | undefined>;
  /** The body, where all of it is here already. */
  readonly whole?: Buffer;
  /** The client must not send another request on this connection. */
  readonly last: boolean;
}

/** What the upstream has answered; undefined where it is nothing that could be read. */
export function sourceOf({ parsed }: Responded, { responseBody }: Acted): Source | undefined {
  if (!parsed) return undefined;
  const { status, wire: head, framing, headers } = parsed;
  const encoding = headers['content-encoding'];
  const next = () => responseBody.next();
  return { status, head, framing, encoding, next, last: false };
}

/** What a fault answers, framed by its length: what its headers say of that would only contradict. */
export function sourceFrom(
  { status, headers, body }: Answer,
  request: ParsedRequest | undefined,
  { requestBody }: Acted,
): Source {
  const bare = status === 204 || status === 304;
  const content = typeof body === 'string' ? Buffer.from(body) : body;
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    FRAMING.includes(name.toLowerCase()) ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  if (!bare) fields.push(`content-length: ${content.length}`);
  // A body that the client has not sent, and may not send now, would be read as its next request.
  const last = request?.persistent !== true || (request.expects && !requestBody.closed);
  const head = { start: `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, fields };
  const bodiless = bare || request?.method === 'HEAD' || content.length === 0;
  const pieces = bodiless
    ? [][Symbol.iterator]()
    : (Buffer.isBuffer(content) ? [content] : content.pieces())[Symbol.iterator]();
  return {
    status,
    ...(bodiless ? { whole: NOTHING } : Buffer.isBuffer(content) ? { whole: content } : {}),
    head: last ? withField(head, 'connection', 'close') : head,
    framing: bodiless ? { kind: 'none' } : { kind: 'length', length: content.length },
    encoding: undefined,
    next() {
      const piece = pieces.next();
      return Promise.resolve(piece.done ? undefined : { bytes: piece.value, payload: true });
    },
    last,
  };
}

const NOTHING = Buffer.alloc(0);

/** Fields that say where a body ends. */
export const FRAMING: readonly string[] = ['content-length', 'transfer-encoding', 'trailer'];
