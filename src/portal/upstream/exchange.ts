import type { Fetch } from './transport.ts';
import { CallFailure, statusFailure, transportFailure } from './failure.ts';
import { readRetryAfter } from './retry-after.ts';

export interface ExchangeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The most bytes that a body may have, decoded. */
  readonly bodyLimit: number;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * One GET of a JSON document, whatever its Content-Type says.
 * @throws {CallFailure} also for a status outside 200–299, or of a part, with a body that would do
 */
export async function exchange(fetch: Fetch, request: ExchangeRequest): Promise<unknown> {
  const { url, headers, bodyLimit, signal, now } = request;
  try {
    const response = await fetch(url, { headers: { ...headers }, redirect: 'manual', signal });
    const { status } = response;
    if (!response.ok || status === PARTIAL_CONTENT) {
      // Read to its end where it has one, so that the connection can serve again.
      await readBody(response.body, bodyLimit).catch(() => undefined);
      throw statusFailure(status, readRetryAfter(response.headers.get('retry-after'), now()));
    }
    return parseJson(await readBody(response.body, bodyLimit));
  } catch (error) {
    if (error instanceof CallFailure) throw error;
    if (!signal.aborted) throw transportFailure(error);
    throw new CallFailure('timeout', 'no answer in time', { cause: error, transient: true });
  }
}

async function readBody(body: NodeJS.ReadableStream | null, limit: number): Promise<Buffer> {
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

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new CallFailure('invalid_response', 'the body is not JSON', { cause: error });
  }
}

/** Nobody asked for a part. */
const PARTIAL_CONTENT = 206;
