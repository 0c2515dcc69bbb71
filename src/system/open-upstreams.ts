import { BrownoutError, messageOf } from '../common/errors.ts';
import { hostAndPort } from '../common/listen-address.ts';
import type { OpenUpstream, Proxy } from '../proxy/proxy.ts';
import type { SystemSpec, UpstreamSpec } from './spec.ts';

interface Opening {
  readonly proxy: Proxy;
  /** Where the targets are that were started for this run, by the upstream's name. */
  readonly targets: ReadonlyMap<string, { readonly url: string }>;
  readonly run: string | undefined;
}

/**
 * Listens for every upstream; all or none.
 * @throws {BrownoutError} `listen_failed` where an address that the file names cannot be had
 */
export async function openUpstreams(
  upstreams: SystemSpec['upstreams'],
  { proxy, targets, run }: Opening,
): Promise<OpenUpstream[]> {
  const opening = await Promise.allSettled(
    Object.entries(upstreams).map(([name, spec]) => open(name, spec)),
  );
  const opened = opening.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = opening.find((one) => one.status === 'rejected');
  if (!failed) return opened;
  await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  throw failed.reason;

  async function open(name: string, spec: UpstreamSpec): Promise<OpenUpstream> {
    const { protocol, tls, calls, ownHost, target, listen } = spec;
    const url = 'url' in target ? target.url : (targets.get(name)?.url ?? '');
    const address = protocol === 'tcp' ? url.replace('http://', '') : url;
    const secured = tls ? { tls } : {};
    const where = listen && (listen.port === 0 ? { host: listen.host } : listen);
    return proxy
      .open({ name, protocol, target: address, ...secured, ...where, calls, ownHost, run })
      .catch((error: unknown) => {
        throw where ? listenFailed(name, hostAndPort({ port: 0, ...where }), error) : error;
      });
  }
}

function listenFailed(name: string, address: string, cause: unknown): BrownoutError {
  const taken = cause instanceof BrownoutError && cause.code === 'port_taken';
  const why = taken ? 'another program has it' : messageOf(cause);
  const advice = `end that program, or say another under upstreams.${name}.listen and tell the service`;
  const message = `the upstream "${name}" cannot be reached at ${address}: ${why} (${taken ? advice : `see upstreams.${name}.listen`})`;
  return new BrownoutError('listen_failed', message, { cause });
}
