import type { About, AboutUpstream } from '../../proxy/control/client.ts';
import type { UpstreamNames } from '../../proxy/catalogue.ts';

/** The names that rules may use, by what `GET /v1` says of the upstreams. */
export function namesOf({ upstreams }: About): UpstreamNames {
  return Object.fromEntries(
    upstreams.map((upstream) => {
      const { name, calls } = upstream;
      return [name, { ...spokenBy(upstream), calls: Object.keys(calls) }];
    }),
  );
}

function spokenBy({ url, protocol = 'http', tls = false }: AboutUpstream) {
  if (url === undefined) return { protocol, tls };
  const [scheme = ''] = url.split(':');
  const isHttp = scheme === 'http' || scheme === 'https';
  return {
    protocol: isHttp ? 'http' : 'tcp',
    tls: scheme === 'https' || scheme === 'tls',
  } as const;
}
