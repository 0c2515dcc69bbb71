import { InvalidArgumentError } from 'commander';
import { BrownoutError } from '../../common/errors.ts';
import type { ListenAddress } from '../../common/listen-address.ts';

/** What `brownout proxy` is told on the command line. */
export interface ProxyFlags {
  readonly upstream?: ReadonlyMap<string, Target>;
  readonly listen?: ReadonlyMap<string, ListenAddress>;
  readonly protocol?: ReadonlyMap<string, Protocol>;
  readonly config?: string;
  readonly control?: ListenAddress;
  readonly token?: string;
  readonly seed?: string;
  readonly journal?: string;
  readonly plans?: true;
}

type Protocol = 'http' | 'tcp';

/** A service, by its URL. */
export interface Target {
  readonly target: string;
  readonly protocol: Protocol;
  readonly ownHost: boolean;
}

/** Reads `http://host:port`, `https://host`, `tcp://host:port` or `tls://host:port`. */
export function targetAt(text: string): Target {
  const [, scheme = '', port] = /^(https?|tcp|tls):\/\/[^/?#@]+?(:\d+)?\/?$/.exec(text) ?? [];
  const isHttp = scheme.startsWith('http');
  if (!scheme || !URL.canParse(text) || (!isHttp && port === undefined)) {
    throw new BrownoutError(
      'usage',
      `--upstream: expected an address such as stats=http://127.0.0.1:5000 or db=tcp://127.0.0.1:5432, got "${text}"`,
    );
  }
  const target = text.replace(/\/$/, '');
  // A service that is known by a certificate's name answers to that name.
  return { target, protocol: isHttp ? 'http' : 'tcp', ownHost: scheme === 'https' };
}

export function protocolOf(text: string): Protocol {
  if (text === 'http' || text === 'tcp') return text;
  throw new InvalidArgumentError('expected http or tcp');
}
