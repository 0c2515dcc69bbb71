import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { invalid, messageOf } from '../../common/errors.ts';
import { hostAndPort, type ListenAddress } from '../../common/listen-address.ts';
import { show } from '../../common/show.ts';
import { parseAddress } from '../upstream.ts';
import { ToxiproxyError } from './toxiproxy-error.ts';

/**
 * Reads `host:port`; without a host it is every address, and empty a random port there.
 * @throws {ToxiproxyError} 500, as Toxiproxy
 */
export function readListen(text: string): ListenAddress {
  if (text === '') return { host: ANY_HOST, port: 0 };
  const [, bracketed, host = bracketed ?? '', port = ''] = HOST_AND_PORT.exec(text) ?? [];
  if (!HOST_AND_PORT.test(text)) {
    const colons = text.split(':').length - 1;
    const what =
      ['missing port in address', 'invalid address'][colons] ?? 'too many colons in address';
    throw cannotListen(`: address ${text.slice(0, LONGEST)}: ${what}`);
  }
  if (Number(port) > HIGHEST_PORT) throw cannotListen(`: address ${port}: invalid port`);
  return { host: host === '' ? ANY_HOST : host, port: Number(port) };
}

/**
 * The address by number.
 * @throws {ToxiproxyError} 500, where there is none
 */
export async function resolveListen({ host, port }: ListenAddress): Promise<ListenAddress> {
  if (isIP(host) !== 0) return { host, port };
  // As it is everywhere, whatever a resolver says.
  if (host === 'localhost') return { host: '127.0.0.1', port };
  const found = await inTime(lookup(host, { all: true })).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOTFOUND' ? 'no such host' : (code ?? messageOf(error));
    throw cannotListen(`: lookup ${host.slice(0, LONGEST)}: ${why}`, error);
  });
  const [first] = found.sort((a, b) => a.family - b.family);
  if (!first) throw cannotListen(`: lookup ${host}: no such host`);
  return { host: first.address, port };
}

/**
 * Reads `host:port`; gives what a proxy can be opened for. Without a host it is this machine.
 * @throws {InvalidError} at `upstream`
 */
export function readUpstream(text: string): string {
  const [, , , port = ''] = HOST_AND_PORT.exec(text) ?? [];
  const target = text.startsWith(':') ? `localhost${text}` : text;
  if (
    port === '' ||
    Number(port) < 1 ||
    Number(port) > HIGHEST_PORT ||
    !URL.canParse(`tcp://${target}`)
  )
    throw invalid(['upstream'], `expected host:port, got ${show(text)}`);
  return target;
}

/** A target as Toxiproxy writes it: without its scheme, and with its port. */
export function upstreamText(target: string): string {
  return hostAndPort(parseAddress(target));
}

export function cannotListen(why: string, cause?: unknown): ToxiproxyError {
  return new ToxiproxyError(500, `listen tcp${why}`, { cause });
}

/** A name server that says nothing must not keep every later call waiting. */
function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer')), LOOKUP_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const HOST_AND_PORT = /^(?:\[([\da-fA-F:.%]+)\]|([^\s:/?#@[\]]*)):(\d{1,5})$/;
const HIGHEST_PORT = 65_535;
const ANY_HOST = '::';
const LOOKUP_MS = 500;
const LONGEST = 100;
