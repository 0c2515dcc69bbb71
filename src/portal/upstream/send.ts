import type { RequestInit, Response } from 'node-fetch';
import { CallFailure, transportFailure } from './failure.ts';
import { isWhole, type Outgoing, type Reply } from './plugs/plug.ts';
import { readRetryAfter } from './retry-after.ts';
import type { Fetch } from './transport.ts';

export interface Wire {
  readonly fetch: Fetch;
  /** The most bytes that a body may have, decoded. */
  readonly bodyLimit: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Sends one request and waits for the whole of its answer.
 * @throws {CallFailure} when there is no answer, or none that can be read
 */
export async function send(wire: Wire, outgoing: Outgoing, signal: AbortSignal): Promise<Reply> {
  const { fetch, bodyLimit, now } = wire;
  try {
    const response = await fetch(outgoing.url, initOf(outgoing, signal));
    const { status, headers } = response;
    if (isWhole(status)) {
      const body = await readBody(response, bodyLimit);
      return { status, headers, body, retryAfterMs: undefined };
    }
    // Read to its end where it has one, so that the connection can serve again.
    const body = await readBody(response, bodyLimit).catch(() => undefined);
    const retryAfterMs = readRetryAfter(headers.get('retry-after'), now());
    return { status, headers, body, retryAfterMs };
  } catch (error) {
    if (error instanceof CallFailure) throw error;
    if (!signal.aborted) throw transportFailure(error);
    throw new CallFailure('timeout', 'no answer in time', { cause: error, transient: true });
  }
}

function initOf({ method, headers, body }: Outgoing, signal: AbortSignal): RequestInit {
  const init = { method, headers: present(headers), redirect: 'manual', signal } as const;
  return body === undefined ? init : { ...init, body: body as NonNullable<RequestInit['body']> };
}

async function readBody({ body }: Response, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and the connection with it.
    if (size > limit) throw new CallFailure('invalid_response', `more than ${limit} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function present(headers: Outgoing['headers']): Record<string, string> {
  const sent: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    // Nobody is logged in here: a cookie could only be a player's, or one that the service has set.
    if (value !== undefined && value !== null && !COOKIE.test(name)) sent[name] = value;
  }
  return sent;
}

const COOKIE = /^cookie$/i;
