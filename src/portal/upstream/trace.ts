import type { IncomingHttpHeaders } from 'node:http';
import {
  parseTraceparent,
  traceparentOf,
  type RandomHex,
  type TraceParent,
} from '../../common/trace-context.ts';

export type { RandomHex } from '../../common/trace-context.ts';

/** What a request brings along for the requests that it causes (W3C Trace Context and Baggage). */
export interface Trace extends TraceParent {
  readonly baggage: string | undefined;
}

/** Reads the trace of an incoming request, or begins one where there is none that is valid. */
export function readTrace(headers: IncomingHttpHeaders, randomHex: RandomHex): Trace {
  const parent = parseTraceparent(String(headers['traceparent'] ?? '')) ?? {
    traceId: randomHex(16),
    sampled: false,
  };
  return { ...parent, baggage: readBaggage(headers['baggage']) };
}

/** The headers of one outgoing request: the same trace, a span of its own. */
export function traceHeaders(trace: Trace, randomHex: RandomHex): Record<string, string> {
  const traceparent = traceparentOf(trace, randomHex);
  return trace.baggage === undefined ? { traceparent } : { traceparent, baggage: trace.baggage };
}

function readBaggage(header: string | string[] | undefined): string | undefined {
  const text = [header ?? []].flat().join(',');
  // 8192 is what the specification asks everyone to pass on.
  return /^[\t\x20-\x7e]+$/.test(text) && text.length <= 8192 ? text : undefined;
}
