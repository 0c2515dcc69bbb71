/** `bytes` random bytes as lower-case hexadecimal digits. */
export type RandomHex = (bytes: number) => string;

/** What a `traceparent` tells of the trace that a request belongs to (W3C Trace Context). */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  readonly sampled: boolean;
}

/** Reads a `traceparent`; undefined where it is missing or not valid. */
export function parseTraceparent(header: string | undefined): TraceParent | undefined {
  const { version, traceId, spanId, flags, rest } = TRACEPARENT.exec(header ?? '')?.groups ?? {};
  const valid =
    traceId !== undefined &&
    version !== 'ff' &&
    // Later versions may append fields; the first one may not.
    (version !== '00' || !rest) &&
    !/^0+$/.test(traceId) &&
    !/^0+$/.test(spanId ?? '');
  if (!valid) return undefined;
  return { traceId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 };
}

/** The `traceparent` of a new span of this trace. */
export function traceparentOf({ traceId, sampled }: TraceParent, randomHex: RandomHex): string {
  return `00-${traceId}-${randomHex(8)}-${sampled ? '01' : '00'}`;
}

/**
 * Puts members at the end of a W3C `baggage`, in the place of those it holds by these names. Values are percent-encoded.
 * Everyone passes 64 members and 8192 bytes on: where it grows past that, its last members make room for the new ones.
 */
export function withMembers(
  baggage: string | undefined,
  members: Readonly<Record<string, string>>,
): string {
  const added = Object.entries(members).map(([name, v]) => `${name}=${encodeURIComponent(v)}`);
  const kept = (baggage ?? '')
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '' && !Object.hasOwn(members, nameOf(member)))
    .slice(0, MOST_MEMBERS - added.length);
  while (kept.length > 0 && [...kept, ...added].join(',').length > MOST_BYTES) kept.pop();
  return [...kept, ...added].join(',');
}

function nameOf(member: string): string {
  return (/^[^=;]*/.exec(member)?.[0] ?? '').trim();
}

const TRACEPARENT =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/;
const MOST_MEMBERS = 64;
const MOST_BYTES = 8192;
