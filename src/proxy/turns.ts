import { createBodyReader } from './framer.ts';
import type { Framing, ParsedRequest } from './head.ts';
import { NO_REQUEST, type Journal, type OpenEntry } from './journal.ts';
import type { Link } from './link.ts';
import { NOTHING, type Firing, type RuleBook, type Scope } from './rules.ts';
import type { Answer, RequestHead } from './exchange.ts';
import type { TlsFront } from './tls-accept.ts';
import type { Plans } from './plans.ts';
import type { Connected } from './upstream.ts';
import { createActed, type Acted, type Turn } from './turn.ts';
import { headBytes, withField } from './wire-head.ts';

/** What all connections of a listener share. */
export interface Shared {
  /** Of what comes from now on; a listener may pass to another run while it is open. */
  readonly scope: Scope;
  /** What names another run is that run's, even here. */
  readonly lent: boolean;
  readonly rules: RuleBook;
  readonly journal: Journal;
  /** What becomes of the plans that requests bring along. */
  readonly plans: Plans;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Names the call that a request makes, null when it is none that is known. */
  readonly callOf: (request: RequestHead) => string | null;
  /** Sent as Host in the place of the client's. */
  readonly host: string | undefined;
  /** What becomes of bytes that cannot be followed as HTTP. */
  readonly unframed: 'relay' | 'refuse';
  readonly upstreamError: 'reset' | 'close' | '502';
  readonly connect: () => Connected;
  /** Clients speak TLS. */
  readonly tls: TlsFront | undefined;
}

/** Opens the turn of a request: its rules decide, and its entry stands in the journal. */
export function openTurn(
  { scope, rules, journal, callOf }: Shared,
  link: Link,
  request: ParsedRequest,
  head: Buffer,
): Turn {
  const call = callOf(request);
  const decision = rules.onRequest(scope, request, call);
  const { method, target: path } = request;
  const { run, upstream } = scope;
  const acted =
    decision === NOTHING ? undefined : createActed(decision, head, () => link.regulate());
  const matched = decision === NOTHING ? NO_RULES : idsOf(decision.firings);
  const entry = journal.open({ run, upstream, call, method, path, matched });
  return begin(request, entry, acted, head.length);
}

/** Opens a turn for bytes that are no request: they are relayed to the connection's end, or refused. */
export function openUnframed(
  { scope, journal, unframed }: Shared,
  link: Link,
  bytes: Buffer,
): Turn {
  const entry = journal.open({ ...scope, ...NO_REQUEST, matched: [] });
  entry.unframed();
  const refused = unframed === 'refuse' && bytes.length > 0;
  const regulate = () => link.regulate();
  const acted = refused ? createActed(NOTHING, bytes, regulate, NOT_HTTP) : undefined;
  return begin(undefined, entry, acted, bytes.length);
}

/** A turn that has just come, with so many bytes of its head. */
export function begin(
  request: ParsedRequest | undefined,
  entry: OpenEntry,
  acted: Acted | undefined,
  bytesIn: number,
  edited?: Buffer,
): Turn {
  return {
    request,
    entry,
    edited,
    acted,
    asked: createBodyReader(request?.framing ?? TO_THE_END),
    bytesIn,
    bytesOut: 0,
    status: null,
    requestDone: false,
    responseDone: false,
    through: false,
    abandoned: false,
  };
}

/** The head of a request as the upstream gets it, from what came. */
export function headFor({ host }: Shared, { request, edited }: Turn, head: Buffer): Buffer {
  if (!request || host === undefined) return edited ?? head;
  return headBytes(withField(request.wire, 'Host', host));
}

export function idsOf(firings: readonly Firing[]): string[] {
  return [...new Set(firings.map(({ rule }) => rule.id))];
}

const NO_RULES: readonly string[] = [];
const TO_THE_END: Framing = { kind: 'close' };
const NOT_HTTP: Answer = {
  status: 400,
  headers: { 'content-type': 'text/plain; charset=utf-8', connection: 'close' },
  body: 'this is not HTTP/1.1 as it can be understood in one way only\n',
};
