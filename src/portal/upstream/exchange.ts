import { messageOf } from '../../common/errors.ts';
import { createHider } from '../secrets.ts';
import { CallFailure, statusFailure } from './failure.ts';
import { codeAt, messageAt, textOf } from './message.ts';
import {
  isWhole,
  type Hooks,
  type Method,
  type Origin,
  type Outgoing,
  type Reply,
  type Verdict,
} from './plugs/plug.ts';
import { send, type Wire } from './send.ts';

/** What is the same for every request of one call. */
export interface Line extends Wire {
  readonly method: Method;
  /** Of every request, before any plug. */
  readonly headers: Outgoing['headers'];
  readonly before: readonly Required<Pick<Hooks, 'request'>>[];
  readonly after: readonly Required<Pick<Hooks, 'response'>>[];
  /** Where the body of an error has its message: `status.message`. */
  readonly messageField: string | undefined;
  /** Where it has its code: `status.code`. */
  readonly codeField: string | undefined;
  readonly keys: readonly string[];
  /** Asked before each request but the first, which the policy has let through. */
  readonly mayResend: (signal: AbortSignal) => Promise<void>;
}

/** One thing that is asked of a service. */
export interface Question {
  readonly url: string;
  readonly headers: Outgoing['headers'] | undefined;
  readonly body: unknown;
  readonly origin: Origin;
}

/** What has become known of a call, whatever becomes of it. */
export interface Progress {
  /** Requests that were really sent. */
  attempts: number;
  /** What the service answered last. */
  status: number | undefined;
  /** What it said of its failure, for the log. */
  said: string | undefined;
}

/**
 * One attempt: a request through all plugs, and its answer back through them.
 * @throws {CallFailure} also for a status outside 200–299, or of a part, with a body that would do
 */
export async function exchange(
  line: Line,
  question: Question,
  progress: Progress,
  signal: AbortSignal,
): Promise<Reply> {
  for (let resent = 0; ; resent++) {
    const outgoing = await prepare(line, question, resent, signal);
    if (resent > 0) await line.mayResend(signal);
    progress.attempts += 1;
    progress.status = undefined;
    const reply = await send(line, outgoing, signal);
    progress.status = reply.status;
    const verdict = await receive(line, reply, outgoing, signal);
    if (verdict === 'again' && resent < MOST_RESENT) continue;
    if (isWhole(reply.status)) return reply;
    throw failureOf(line, reply, progress);
  }
}

function failureOf(line: Line, reply: Reply, progress: Progress): CallFailure {
  const { status, body, retryAfterMs } = reply;
  const message = messageAt(body, line.messageField);
  progress.said = message ?? textOf(body);
  // A code is looked up, never shown; what a service says of its own troubles is not for the portal's clients.
  const saidCode = status < 400 ? undefined : codeAt(body, line.codeField);
  if (status < 400 || status >= 500) return statusFailure(status, { retryAfterMs, saidCode });
  // A service may repeat what it was asked with.
  const said = message === undefined ? undefined : createHider(line.keys)(message);
  return statusFailure(status, { retryAfterMs, said, saidCode });
}

async function prepare(
  line: Line,
  question: Question,
  resent: number,
  signal: AbortSignal,
): Promise<Outgoing> {
  const headers = { ...line.headers, ...question.headers };
  const outgoing = {
    method: line.method,
    url: question.url,
    headers,
    body: question.body,
    resent,
  };
  try {
    for (const plug of line.before) {
      const pending = plug.request(outgoing, question.origin);
      if (pending) await unlessAborted(pending, signal);
    }
    return outgoing;
  } catch (error) {
    throw plugFailure(error, 'unreachable');
  }
}

async function receive(
  line: Line,
  reply: Reply,
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<Verdict> {
  try {
    for (const plug of line.after) {
      const pending = plug.response(reply, outgoing);
      const verdict = typeof pending === 'object' ? await unlessAborted(pending, signal) : pending;
      if (verdict === 'again') return verdict;
    }
    return undefined;
  } catch (error) {
    throw plugFailure(error, 'invalid_response');
  }
}

/** A plug that takes for ever must not hold up more than its attempt. */
function unlessAborted<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(new CallFailure('timeout', 'a plug took too long'));
    // The signal is of this attempt alone, and goes with it.
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
    pending.then(resolve, reject);
  });
}

function plugFailure(error: unknown, reason: 'unreachable' | 'invalid_response'): CallFailure {
  if (error instanceof CallFailure) return error;
  const message = `a plug failed: ${messageOf(error)}`;
  return new CallFailure(reason, message, { cause: error, retryable: false });
}

/** However often a plug asks for it, one attempt sends no more. */
const MOST_RESENT = 10;
