import { STATUS_CODES, type ServerResponse } from 'node:http';
import { collect, editEncoded } from './body.ts';
import type { ResponseHead } from './exchange.ts';
import type { OpenEntry } from './journal.ts';
import type { Link } from './link.ts';
import type { Amount } from './parameter.ts';

/** A response on its way to the client: the upstream's, or a fault's answer. */
export interface Source extends ResponseHead {
  readonly message: string | undefined;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: AsyncIterable<Buffer> | Buffer;
}

/** What faults have asked for the body. */
export interface BodyPlan {
  readonly edits: ((body: Buffer) => Buffer | undefined)[];
  readonly cuts: { readonly offset: Amount; readonly fault: string; act(): Promise<void> }[];
}

interface Circumstances {
  readonly link: Link;
  /** The answer to a HEAD: its head speaks of a body that never comes. */
  readonly bodiless: boolean;
  readonly entry: OpenEntry;
}

/** Sends head and body, edited and cut as planned; gives whether all has left before the link was gone. */
export async function sendResponse(
  response: ServerResponse,
  source: Source,
  { edits, cuts }: BodyPlan,
  { link, bodiless, entry }: Circumstances,
): Promise<boolean> {
  const hasBody = !bodiless && source.status !== 204 && source.status !== 304;
  let { body, rawHeaders } = source;
  if (hasBody && edits.length > 0) {
    const whole = Buffer.isBuffer(body) ? body : await collect(body);
    const encoding = source.headers['content-encoding']?.toString();
    const edited = await editEncoded(whole, encoding, edits);
    body = edited ?? whole;
    if (edited) rawHeaders = withLength(rawHeaders, edited.length);
  }
  let length = Buffer.isBuffer(body) ? body.length : Number(source.headers['content-length']);
  if (hasBody && Number.isNaN(length) && cuts.some(({ offset }) => 'share' in offset)) {
    body = await collect(body as AsyncIterable<Buffer>);
    length = body.length;
  }
  if (link.gone) return false;
  const stops = hasBody ? stopsOf(cuts, length) : [];
  writeHead(response, source, rawHeaders, entry, stops);
  await writeBody(response, Buffer.isBuffer(body) ? [body] : body, stops, link);
  return !link.gone && ended(response, link);
}

interface Stop {
  readonly position: number;
  readonly fault: string;
  act(): Promise<void>;
}

function stopsOf(cuts: BodyPlan['cuts'], length: number): Stop[] {
  return cuts
    .map((cut) => {
      const { offset, fault } = cut;
      const position = 'bytes' in offset ? offset.bytes : Math.floor(length * offset.share);
      return { position, fault, act: () => cut.act() };
    })
    .filter(({ position }) => !(position > length))
    .sort((a, b) => a.position - b.position);
}

async function writeBody(
  response: ServerResponse,
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
  stops: Stop[],
  link: Link,
): Promise<void> {
  let position = 0;
  const stopHere = async () => {
    while (stops[0]?.position === position && !link.gone) {
      await link.flushed();
      await stops.shift()?.act();
    }
  };
  if (stops.length > 0) response.flushHeaders();
  await stopHere();
  for await (const chunk of body) {
    let rest = chunk;
    while (rest.length > 0 && !link.gone) {
      const room = (stops[0]?.position ?? Infinity) - position;
      const part = rest.subarray(0, Math.min(rest.length, room));
      rest = rest.subarray(part.length);
      await written(response, part, link);
      position += part.length;
      await stopHere();
    }
    if (link.gone) return;
  }
}

function writeHead(
  response: ServerResponse,
  source: Source,
  rawHeaders: readonly string[],
  { injected }: OpenEntry,
  stops: readonly Stop[],
): void {
  // What the upstream did not say is not said: no Date, Connection or chunking of Node's own.
  response.sendDate = false;
  response.removeHeader('connection');
  response.removeHeader('transfer-encoding');
  const faults = new Set([...injected, ...stops].map(({ fault }) => fault));
  const note = faults.size > 0 ? ['x-brownout-fault', [...faults].join(', ')] : [];
  const message = source.message ?? STATUS_CODES[source.status] ?? '';
  response.writeHead(source.status, message, [...rawHeaders, ...note]);
}

/** An edited body has a length of its own, and no trailers to promise. */
function withLength(rawHeaders: readonly string[], length: number): string[] {
  const kept: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (!FRAMING.includes(name.toLowerCase())) kept.push(name, value);
  }
  return [...kept, 'content-length', String(length)];
}

function written(response: ServerResponse, part: Buffer, link: Link): Promise<boolean> {
  return settledBy(link, (done) => void response.write(part, done));
}

async function ended(response: ServerResponse, link: Link): Promise<boolean> {
  const whole = await settledBy(link, (done) => void response.end(done));
  if (whole) await link.flushed();
  return whole;
}

/** Whether it was done; Node forgets the callback of a write whose socket is gone, so the link's end settles it too. */
function settledBy(link: Link, start: (done: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const forget = link.onGone(() => resolve(false));
    start(() => {
      forget();
      resolve(true);
    });
  });
}

/** Headers that say where a body ends. */
export const FRAMING: readonly string[] = ['content-length', 'transfer-encoding', 'trailer'];
