import { request, type IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import { BrownoutError, InvalidError, type Problem } from '../../common/errors.ts';
import { atControl, type Reach } from '../control/reach.ts';
import type { Io } from '../io.ts';
import type { Asked, Told } from './told.ts';

interface Where extends Pick<Reach, 'control' | 'token'> {
  readonly system?: string;
  /** It is to run, and nothing is started where it does not. */
  readonly insists?: boolean;
}

/** It could not be sent; `code` is that of our own errors. */
interface Failed {
  readonly type: 'error';
  readonly code?: string;
  readonly message: string;
}

/**
 * Sends by what `brownout up` runs, which does all the work. False where nothing runs, or another system than was asked for.
 * @throws {BrownoutError} where it was said where it runs, and it does not
 */
export function sendByControl(
  asked: Asked,
  where: Where,
  tell: (told: Told) => void,
  io: Io,
): Promise<boolean> {
  const { insists = where.control !== undefined || Boolean(io.env['BROWNOUT_CONTROL']) } = where;
  return atControl(where, io, async (client, at, token) => {
    if (where.system !== undefined) {
      const { file } = await client.about().catch(orNobody(insists));
      if (file === undefined) return false;
      if (file !== resolve(where.system)) {
        if (!insists) return false;
        const message = `${at} runs ${file}, not ${where.system}: leave --control or --system out`;
        throw new BrownoutError('usage', message);
      }
    }
    const response = await post(at, token, asked, io.signal).catch(orNobody(insists));
    if (response === undefined || !('statusCode' in response)) return false;
    if (response.statusCode === 404) {
      response.destroy();
      if (where.insists) return false;
      io.stderr.write(`${at} runs no service, as "brownout up" would: starting one for this\n`);
      return false;
    }
    if (response.statusCode !== 200) throw refusal(response.statusCode, await textOf(response));
    for await (const line of linesOf(response)) {
      const told = JSON.parse(line) as Told | Failed;
      if (told.type === 'error') throw new BrownoutError(told.code ?? 'send_failed', told.message);
      tell(told);
    }
    return true;
  });
}

/** A request of its own, not fetch, which takes as long to load as all the rest. */
function post(
  at: string,
  token: string | undefined,
  asked: Asked,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const body = JSON.stringify(asked);
  return new Promise((answered, failed) => {
    const sent = request(`${at}/v1/send`, {
      method: 'POST',
      agent: false,
      signal,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    sent.once('response', answered);
    sent.once('error', (cause) => {
      if (signal.aborted) return failed(signal.reason as Error);
      const message = `no control API of brownout answers at ${at}`;
      failed(new BrownoutError('control_unreachable', message, { cause }));
    });
    sent.end(body);
  });
}

/** Where nobody said that something runs, nothing need to. */
function orNobody(insists: boolean) {
  return (error: unknown): { readonly file?: undefined } => {
    if (!insists && error instanceof BrownoutError && error.code === 'control_unreachable')
      return {};
    throw error;
  };
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const piece of response) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const lines: string[] = [];
  for await (const piece of response) lines.push(String(piece));
  return lines.join('');
}

function refusal(status = 0, text: string): BrownoutError {
  const { error, problems, code } = parse(text);
  if (status === 401) return new BrownoutError('token_needed', error ?? text);
  if (problems) return new InvalidError(problems);
  return new BrownoutError(code ?? 'control_refused', error ?? `it answered with ${status}`);
}

function parse(text: string): {
  readonly error?: string;
  readonly problems?: readonly Problem[];
  readonly code?: string;
} {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}
