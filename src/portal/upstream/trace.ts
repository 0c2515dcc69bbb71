import type { IncomingHttpHeaders } from 'node:http';

/** What a request brings along for the requests that it causes (W3C Trace Context and Baggage). */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  readonly sampled: boolean;
  readonly baggage: string | undefined;
}

/** `bytes` random bytes as lower-case hexadecimal digits. */
export type RandomHex = (bytes: number) => string;

/** Reads the trace of an incoming request, or begins one where there is none that is valid. */
export function readTrace(headers: IncomingHttpHeaders, randomHex: RandomHex): Trace {
  const match = TRACEPARENT.exec(String(headers['traceparent'] ?? ''));
  const { version, traceId, spanId, flags, rest } = match?.groups ?? {};
  const valid =
    traceId !== undefined &&
    version !== 'ff' &&
    // Later versions may append fields; the first one may not.
    (version !== '00' || !rest) &&
    !/^0+$/.test(traceId) &&
    !/^0+$/.test(spanId ?? '');
  return {
    traceId: valid ? traceId : randomHex(16),
    sampled: valid ? (Number.parseInt(flags ?? '0', 16) & 1) === 1 : false,
    baggage: readBaggage(headers['baggage']),
  };
}

/** The headers of one outgoing request: the same trace, a span of its own. */
export function traceHeaders(trace: Trace, randomHex: RandomHex): Record<string, string> {
  const traceparent = `00-${trace.traceId}-${randomHex(8)}-${trace.sampled ? '01' : '00'}`;
  return trace.baggage === undefined ? { traceparent } : { traceparent, baggage: trace.baggage };
}

function readBaggage(header: string | string[] | undefined): string | undefined {
  const text = [header ?? []].flat().join(',');
  // 8192 is what the specification asks everyone to pass on.
  return /^[\t\x20-\x7e]+$/.test(text) && text.length <= 8192 ? text : undefined;
}

const TRACEPARENT =
  /^(?<version>[0-9a-f]{2})-(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<rest>-.*)?$/;
