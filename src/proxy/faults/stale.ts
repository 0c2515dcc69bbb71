import type { Answer, Recorded, RequestHead } from '../exchange.ts';
import { defineFault } from '../fault.ts';
import { duration } from '../parameter.ts';
import { headBytes, headersOf } from '../wire-head.ts';

export const stale = defineFault({
  name: 'stale',
  summary: 'an answer recorded earlier, as from a cache never refreshed',
  main: 'age',
  parameters: { age: duration('how old the recorded answer must be', { default: '0ms' }) },
  phase: 'request',
  onExchange(exchange, { age }) {
    const { request } = exchange;
    if (!['GET', 'HEAD'].includes(request.method) || request.headers['range'] !== undefined) return;
    const memory = exchange.remember(createMemory);
    const key = keyOf(request);
    const kept = memory.get(key);
    if (!kept) {
      exchange.record((response) => memory.keep(key, { at: exchange.now(), response }));
      return;
    }
    const ms = exchange.now() - kept.at;
    if (ms >= age) exchange.answer(answerOf(kept.response, request, Math.floor(ms / 1000)));
  },
});

/** With what decides on the encoding: bytes that a client cannot decode would be broken, not stale. */
function keyOf({ method, target, headers }: RequestHead): string {
  const { accept, 'accept-encoding': encodings, authorization } = headers;
  return JSON.stringify([method, target, accept, encodings, authorization]);
}

function answerOf({ head, body }: Recorded, { method }: RequestHead, age: number): Answer {
  const headers = Object.create(null) as Record<string, string | string[]>;
  for (const field of head.fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    if (!OF_ITS_CONNECTION.has(name)) headers[name] = [headers[name] ?? [], value].flat();
  }
  headers['age'] = String(age);
  const length = Number(headersOf(head.fields)['content-length'] ?? 0);
  // An answer to HEAD says how long a body would be, and has none.
  const sent = method === 'HEAD' ? { length, pieces: () => [] } : body;
  return { status: statusOf(head.start), headers, body: sent };
}

interface Kept {
  readonly at: number;
  readonly response: Recorded;
}

/** The first healthy response to each request, as long as there is room. */
function createMemory() {
  const all = new Map<string, Kept>();
  let bytes = 0;
  return {
    get: (key: string) => all.get(key),
    keep(key: string, kept: Kept): void {
      const { head, body } = kept.response;
      const status = statusOf(head.start);
      const size = headBytes(head).length + body.length;
      if (status < 200 || status > 299 || all.has(key)) return;
      if (all.size >= MOST_RESPONSES || bytes + size > MOST_BYTES) return;
      bytes += size;
      all.set(key, kept);
    },
  };
}

function statusOf(start: string): number {
  return Number(start.split(' ')[1]);
}

const MOST_RESPONSES = 1000;
const MOST_BYTES = 64 * 1024 ** 2;

/** An answer is framed anew, for the connection that it goes to. */
const OF_ITS_CONNECTION = new Set([
  'content-length',
  'transfer-encoding',
  'trailer',
  'connection',
  'keep-alive',
  'age',
  'x-brownout-fault',
]);
