import { InvalidArgumentError, type Command } from 'commander';
import { BrownoutError } from '../../common/errors.ts';
import { parseListen } from '../../common/listen-address.ts';
import { urlOf } from '../../common/server.ts';
import type { ControlClient } from '../../proxy/control/client.ts';
import type { Io } from '../io.ts';

/** Where a verb finds the proxy that it acts on, and how it tells what it did. */
export interface Reach {
  readonly control?: string;
  readonly token?: string;
  readonly json?: true;
}

/** Gives a command the options of `Reach`. */
export function reaching(command: Command): Command {
  return command
    .option('--control <url>', `where the proxy is controlled (BROWNOUT_CONTROL, ${DEFAULT})`, url)
    .option('--token <token>', 'its token, where it asks for one (BROWNOUT_TOKEN)')
    .option('--json', 'as JSON');
}

/**
 * Works with the control of a proxy that runs elsewhere.
 * @throws {BrownoutError} `control_unreachable`, or `token_needed`, with what to do about it
 */
export async function atControl<T>(
  { control, token = '' }: Reach,
  { env }: Io,
  work: (client: ControlClient, at: string, token: string | undefined) => Promise<T>,
): Promise<T> {
  const at = control ?? fromEnvironment(env['BROWNOUT_CONTROL'] || DEFAULT);
  const secret = token || env['BROWNOUT_TOKEN'] || undefined;
  const { createControlClient } = await import('../../proxy/control/client.ts');
  try {
    return await work(createControlClient(at, secret), at, secret);
  } catch (error) {
    if (!(error instanceof BrownoutError)) throw error;
    const advice = ADVICE[error.code]?.(at, secret !== undefined);
    throw advice === undefined ? error : new BrownoutError(error.code, advice, { cause: error });
  }
}

/** What a verb that goes on with the same proxy has to be told, too. */
export function sameReach({ control, token }: Reach): string {
  const parts = [
    ...(control === undefined || control === DEFAULT ? [] : [` --control ${control}`]),
    ...(token === undefined ? [] : [' --token <token>']),
  ];
  return parts.join('');
}

/** `http://127.0.0.1:8474`; also as `brownout proxy --control` takes it, `127.0.0.1:8474` or a port. */
export function url(text: string): string {
  const address = parseListen(text);
  if (address) return urlOf(address.host, address.port);
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new InvalidArgumentError('expected a URL such as http://127.0.0.1:8474');
}

function fromEnvironment(text: string): string {
  try {
    return url(text);
  } catch (error) {
    const message = `BROWNOUT_CONTROL: ${(error as Error).message}, got "${text}"`;
    throw new BrownoutError('usage', message);
  }
}

const DEFAULT = 'http://127.0.0.1:8474';

const ADVICE: Readonly<Record<string, (at: string, hasToken: boolean) => string>> = {
  control_unreachable: (at) =>
    `no control API of brownout answers at ${at}: start one by "brownout up", or by "brownout proxy --upstream stats=http://127.0.0.1:5000"; or say by --control where it is`,
  token_needed: (at, hasToken) =>
    hasToken
      ? `${at} does not take this token: say the one that it was started with, by --token or BROWNOUT_TOKEN`
      : `${at} asks for its token: say it by --token or BROWNOUT_TOKEN`,
};
