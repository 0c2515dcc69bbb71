import type { Exchange } from './exchange.ts';
import { withField, withoutFields, type WireHead } from './wire-head.ts';

/** Whether the response may have a body at all: what a head says of one is not read otherwise. */
export function mayHaveBody({ request, response }: Exchange): boolean {
  const status = response?.status ?? 200;
  return request.method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
}

/** The head of a body that is framed by a length, whatever framed it before. */
export function framedByLength(head: WireHead, length: number): WireHead {
  return withField(withoutFields(head, CHUNKED), 'Content-Length', String(length));
}

/** The head of a body that comes in chunks, whatever framed it before. */
export function framedInChunks(head: WireHead): WireHead {
  return withField(
    withoutFields(head, ['content-length', ...CHUNKED]),
    'Transfer-Encoding',
    'chunked',
  );
}

const CHUNKED = ['transfer-encoding', 'trailer'];
