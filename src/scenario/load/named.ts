import type { Problem } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { UpstreamNames } from '../../proxy/catalogue.ts';
import type { SystemSpec } from '../../system/spec.ts';

/** The problem of a name that is not among those there are. */
export function unknownName(
  what: string,
  name: string,
  all: readonly string[],
  path: Problem['path'],
): Problem[] {
  if (all.includes(name)) return [];
  return [{ path, message: `unknown ${what} "${name}"${didYouMean(name, all)}` }];
}

/** The problem of an identity that the system does not have; none where no one is named. */
export function unknownIdentity(
  as: string | undefined,
  { identities }: Pick<SystemSpec, 'identities'>,
  path: Problem['path'],
): Problem[] {
  return as === undefined ? [] : unknownName('identity', as, Object.keys(identities), path);
}

/** The upstreams of a system and their calls, as rules name them. */
export function namesOf({ upstreams }: SystemSpec): UpstreamNames {
  return Object.fromEntries(
    Object.entries(upstreams).map(([name, { protocol, tls, calls }]) => [
      name,
      { protocol, tls, calls: Object.keys(calls) },
    ]),
  );
}
