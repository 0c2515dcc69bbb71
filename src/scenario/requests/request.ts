import { Agent as HttpAgent, request as httpRequest, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { BrownoutError } from '../../common/errors.ts';
import { randomHex } from '../../common/random-hex.ts';
import { readJson } from '../../common/read-json.ts';
import { traceparentOf, withMembers } from '../../common/trace-context.ts';
import { isSecretName } from '../run/redact.ts';

/** A request to the service under test. */
export interface RequestSpec {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** What came back: with `status` null nothing did, and `problem` says why. It also says why a body was not read as JSON. */
export interface Answer {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown;
  readonly problem: string | undefined;
  readonly durationMs: number;
}

/**
 * Sends one request on a connection of its own and reads the whole answer. It is given up after `deadline` milliseconds;
 * whatever goes wrong is an answer too. Only `signal` makes it reject,
 * and that this process can open no more files.
 */
export async function send(
  url: string,
  spec: RequestSpec,
  deadline: number,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted();
  const start = performance.now();
  let [status, headers, body]: [number | null, Record<string, string>, string] = [null, {}, ''];
  let [problem, late]: [string | undefined, boolean] = [undefined, false];
  let sent: ClientRequest | undefined;
  // Not by a signal of its own: to abort one makes an error with a stack, for every request of every cell.
  const abort = () => sent?.destroy();
  const timer = setTimeout(() => {
    late = true;
    abort();
  }, deadline);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      const { request, options } = target(url, spec);
      sent = request(url + spec.path, options, (response) => {
        status = response.statusCode ?? null;
        headers = Object.fromEntries(
          Object.entries(response.headers).map(([k, v]) => [k, String(v)]),
        );
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > MOST_BYTES) reject(new TooLarge());
          else chunks.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          body = Buffer.concat(chunks).toString();
          resolve();
        });
      });
      sent.on('error', reject);
      // An upgrade, which nobody asked for, ends the connection without an error.
      sent.on('close', () => reject(new Error('it ended without an answer')));
      sent.end(spec.body);
    });
  } catch (error) {
    signal.throwIfAborted();
    if (OWN_LIMITS.has((error as NodeJS.ErrnoException).code ?? '')) throw tooManyFiles(error);
    status = null;
    body = '';
    if (error instanceof TooLarge) problem = 'an answer of more than 16 MB, which was not read on';
    else if (late) problem = `no answer within ${deadline}ms`;
    else problem = describe(error as NodeJS.ErrnoException, url);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    // What was given up is not read on.
    abort();
  }
  const read = readJson(body);
  return {
    status,
    headers,
    body,
    json: 'json' in read ? read.json : undefined,
    problem: problem ?? ('json' in read ? undefined : read.problem),
    durationMs: performance.now() - start,
  };
}

/** The request as it is sent for a run: it says so in its baggage, and begins a trace unless it belongs to one. */
export function sentFor(run: string, spec: RequestSpec): RequestSpec {
  const named = (name: string) =>
    Object.keys(spec.headers).find((written) => written.toLowerCase() === name) ?? name;
  const baggage = named('baggage');
  const traceId = randomHex(16);
  const traceparent = traceparentOf({ traceId, sampled: true }, randomHex);
  return {
    ...spec,
    headers: {
      [named('traceparent')]: traceparent,
      ...spec.headers,
      [baggage]: withMembers(spec.headers[baggage], { 'brownout.run': run }),
    },
  };
}

function target(url: string, { method, headers, body }: RequestSpec) {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const secure = url.startsWith('https:');
  return {
    request: secure ? httpsRequest : httpRequest,
    options: { method, agent: secure ? HTTPS : HTTP, headers: { ...headers, ...length } },
  };
}

function describe(error: NodeJS.ErrnoException, url: string): string {
  if (error.code === 'ECONNREFUSED')
    return `nothing listens at ${url} (ECONNREFUSED): the service has ended, or never ran there`;
  return `the connection failed: ${error.code ?? error.message}`;
}

/** That is no answer of the service: nothing can be judged by it. */
function tooManyFiles(cause: unknown): BrownoutError {
  const message =
    'too many files are open for another request: raise the limit, as by "ulimit -n 4096"';
  return new BrownoutError('too_many_files', message, { cause });
}

const OWN_LIMITS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE']);

class TooLarge extends Error {}

/** The request as a command to type. Where the service is, and who asks, is left to the environment. */
export function curlOf({ method, path, headers, body }: RequestSpec): string {
  const parts = ['curl -i'];
  if (method !== 'GET') parts.push(`-X ${method}`);
  for (const [name, value] of Object.entries(headers)) {
    // "Bearer $TOKEN": the scheme is no secret, and the shell fills in what is.
    const [, scheme = ''] = /^(\w+ )?/.exec(value) ?? [];
    const shown = `"${name}: ${scheme}$${variableOf(name)}"`;
    parts.push(`-H ${isSecretName(name) ? shown : quoted(`${name}: ${value}`)}`);
  }
  if (body !== undefined) parts.push(`-d ${quoted(body)}`);
  return [...parts, `"$SERVICE"${quoted(path)}`].join(' ');
}

function variableOf(header: string): string {
  return /^authorization$/i.test(header) ? 'TOKEN' : header.toUpperCase().replaceAll('-', '_');
}

/** A word of a shell command: what a shell takes for nothing of its own is left as it is. */
export function quoted(text: string): string {
  return /^[\w/.:%@-][\w/.:=%@-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Neither keeps a connection, nor what was agreed on one: each request gets one of its own. */
const [HTTP, HTTPS] = [new HttpAgent(), new HttpsAgent({ maxCachedSessions: 0 })];
/** Far more than any page; an endless body is given up here rather than kept. */
const MOST_BYTES = 16 * 1024 ** 2;
