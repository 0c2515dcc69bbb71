import type { About } from '../../proxy/control/client.ts';
import type { UpstreamNames } from '../../proxy/catalogue.ts';

/** The names that rules may use, by what `GET /v1` says of the upstreams. */
export function namesOf({ upstreams }: About): UpstreamNames {
  return Object.fromEntries(
    upstreams.map(({ name, url, calls }) => {
      const [scheme = ''] = url.split(':');
      const protocol = scheme.startsWith('http') ? ('http' as const) : ('tcp' as const);
      const tls = scheme === 'https' || scheme === 'tls';
      return [name, { protocol, tls, calls: Object.keys(calls) }];
    }),
  );
}
