import type { RequestHead, ResponseHead } from './exchange.ts';
import { mayBring } from './baggage.ts';
import { headersOf, type WireHead } from './wire-head.ts';

/** Where a message ends: with its head, after `length` bytes, with its last chunk, or with the connection. */
export type Framing =
  | { readonly kind: 'none' | 'chunked' | 'close' }
  | { readonly kind: 'length'; readonly length: number };

/** A request's head, read strictly: nothing of it can be understood in two ways. */
export interface ParsedRequest extends RequestHead {
  readonly wire: WireHead;
  readonly framing: Framing;
  /** Asks to speak something else from here on, by Upgrade or CONNECT. */
  readonly switches: boolean;
  /** Waits for a 100 before it sends its body. */
  readonly expects: boolean;
  /** The connection may go on after the answer. */
  readonly persistent: boolean;
  /** Its baggage may say something to brownout. */
  readonly brings: boolean;
}

export interface ParsedResponse extends ResponseHead {
  readonly wire: WireHead;
  readonly framing: Framing;
  readonly persistent: boolean;
}

/** Reads a head whole, its empty line included; undefined where it is not exactly what RFC 9112 says, or says two things. */
export function parseRequest(head: string): ParsedRequest | undefined {
  const line = REQUEST_LINE.exec(head);
  if (!line) return undefined;
  const [start = '', method = '', target = '', minor = ''] = line;
  const fields = scanFields(head, start.length);
  if (!fields) return undefined;
  const framing = requestFraming(fields, minor);
  if (!framing) return undefined;
  const query = target.search(QUERY);
  return {
    __proto__: LAZY,
    text: head,
    from: start.length,
    readWire: undefined,
    readHeaders: undefined,
    method,
    target,
    path: query < 0 ? target : target.slice(0, query),
    framing,
    switches: fields.upgrade || method === 'CONNECT',
    expects: fields.expect && framing.kind !== 'none',
    persistent: staysOpen(fields, minor),
    brings: fields.brings,
  } satisfies Unread as unknown as ParsedRequest;
}

/** The same of a response; where it ends depends on the method that was asked with. */
export function parseResponse(head: string, method: string): ParsedResponse | undefined {
  const line = STATUS_LINE.exec(head);
  if (!line) return undefined;
  const [start = '', minor = '', code = ''] = line;
  const fields = scanFields(head, start.length);
  if (!fields) return undefined;
  const status = Number(code);
  const framing = responseFraming(fields, minor, status, method);
  if (!framing) return undefined;
  return {
    __proto__: LAZY,
    text: head,
    from: start.length,
    readWire: undefined,
    readHeaders: undefined,
    status,
    framing,
    persistent: framing.kind !== 'close' && staysOpen(fields, minor),
  } satisfies Unread as unknown as ParsedResponse;
}

/** What of the fields says where the message ends, what comes after it, and whether it is of ours. */
interface Fields {
  length: string | undefined;
  coding: string | undefined;
  connection: string;
  upgrade: boolean;
  expect: boolean;
  brings: boolean;
}

/** Undefined where a line is no field, or where two fields speak of the length. */
function scanFields(head: string, from: number): Fields | undefined {
  const fields: Fields = {
    length: undefined,
    coding: undefined,
    connection: '',
    upgrade: false,
    expect: false,
    brings: false,
  };
  const end = head.length - 2;
  for (let at = from; at < end; at = FIELD.lastIndex) {
    FIELD.lastIndex = at;
    if (!FIELD.test(head)) return undefined;
    // Most fields say nothing of the framing: their first letter tells.
    if (!TELLING.has(head.charCodeAt(at) | LOWER_CASE)) continue;
    const colon = head.indexOf(':', at);
    const name = head.slice(at, colon).toLowerCase();
    if (!TELLING_NAMES.has(name)) continue;
    const value = head.slice(colon + 1, FIELD.lastIndex - 2).trim();
    if (!take(fields, name, value)) return undefined;
  }
  return fields;
}

function take(fields: Fields, name: string, value: string): boolean {
  switch (name) {
    case 'content-length':
      if (fields.length !== undefined && fields.length !== value) return false;
      fields.length = value;
      return true;
    case 'transfer-encoding':
      if (fields.coding !== undefined) return false;
      fields.coding = value.toLowerCase();
      return true;
    case 'connection':
      fields.connection += `,${value.toLowerCase()}`;
      return true;
    case 'upgrade':
      fields.upgrade = true;
      return true;
    case 'baggage':
      fields.brings ||= mayBring(value);
      return true;
    default:
      fields.expect = value.toLowerCase() === '100-continue';
      return true;
  }
}

function requestFraming({ length, coding }: Fields, minor: string): Framing | undefined {
  if (coding !== undefined) {
    // Both lengths, or a coding in HTTP/1.0: whom to believe is what smuggling is about.
    const plain = codingOf(coding) === CHUNKED && length === undefined && minor === '1';
    return plain ? CHUNKED : undefined;
  }
  return length === undefined ? NONE : lengthOf(length);
}

function responseFraming(
  fields: Fields,
  minor: string,
  status: number,
  method: string,
): Framing | undefined {
  const { length, coding } = fields;
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return NONE;
  if (method === 'CONNECT' && status < 300) return NONE;
  if (coding !== undefined) {
    if (length !== undefined || minor === '0') return undefined;
    return codingOf(coding);
  }
  return length === undefined ? CLOSE : lengthOf(length);
}

/** Chunked once and last, or not at all: then the end of the connection is the end of the body. */
function codingOf(coding: string): Framing | undefined {
  if (coding === 'chunked') return CHUNKED;
  const codings = coding.split(',').map((one) => one.trim());
  if (!codings.includes('chunked')) return CLOSE;
  return codings.indexOf('chunked') === codings.length - 1 ? CHUNKED : undefined;
}

function lengthOf(text: string): Framing | undefined {
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const length = Number(text);
  return length === 0 ? NONE : { kind: 'length', length };
}

function staysOpen({ connection }: Fields, minor: string): boolean {
  if (connection === '') return minor === '1';
  const options = connection.split(',').map((option) => option.trim());
  return minor === '1' ? !options.includes('close') : options.includes('keep-alive');
}

/** A head whose fields nobody has asked for yet. */
interface Unread {
  readonly __proto__: unknown;
  readonly text: string;
  /** Where the fields begin in it. */
  readonly from: number;
  readWire: WireHead | undefined;
  readHeaders: RequestHead['headers'] | undefined;
  readonly [other: string]: unknown;
}

/**
 * Headers are read when a rule or a fault asks for them, and only then. The accessors are inherited: a literal that has some
 * of its own takes longer to make than all that is read here.
 */
const LAZY = {
  get wire(): WireHead {
    const head = this as unknown as Unread;
    return (head.readWire ??= {
      start: head.text.slice(0, head.from - 2),
      fields: head.text.slice(head.from, -4).split('\r\n').filter(Boolean),
    });
  },
  get headers(): RequestHead['headers'] {
    return ((this as unknown as Unread).readHeaders ??= headersOf(this.wire.fields));
  },
};

const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) ([\x21-\x7e\x80-\xff]+) HTTP\/1\.([01])\r\n/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?\r\n/;
const FIELD = /[!#$%&'*+.^_`|~\w-]+:[\t\x20-\x7e\x80-\xff]*\r\n/y;
const QUERY = /[?#]/;
const TELLING_NAMES = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'expect',
  'baggage',
]);
const TELLING = new Set([...TELLING_NAMES].map((name) => name.charCodeAt(0)));
const LOWER_CASE = 0x20;
const NONE: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };
const CLOSE: Framing = { kind: 'close' };
