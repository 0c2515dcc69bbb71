import { BrownoutError } from '../../common/errors.ts';
import type { ProxyUpstream } from '../../proxy/proxy.ts';
import { readConfig, type Wanted } from './config.ts';
import type { ProxyFlags } from './flags.ts';

/**
 * What flags and file ask for together; flags win over what the file says of the same.
 * @throws {BrownoutError} `usage`
 * @throws {FileError}
 */
export function readWanted(flags: ProxyFlags): Wanted {
  const flagged = flaggedUpstreams(flags);
  const { config } = flags;
  if (config === undefined && flagged.length === 0) {
    const message =
      'nothing to stand in front of: say --upstream stats=http://127.0.0.1:5000, or --config file (with [] in it, to begin without any)';
    throw new BrownoutError('usage', message);
  }
  const file = config === undefined ? NOTHING : readConfig(config, flagged);
  const upstreams = [...flagged, ...file.upstreams];
  checkNamed('listen', flags.listen, upstreams);
  checkNamed('protocol', flags.protocol, flagged);
  return {
    ...file,
    upstreams: upstreams.map((one) => ({ ...one, ...flags.listen?.get(one.name) })),
  };
}

function flaggedUpstreams({ upstream = new Map(), protocol }: ProxyFlags): ProxyUpstream[] {
  return [...upstream].map(([name, target]) => ({
    name,
    ...target,
    protocol: protocol?.get(name) ?? target.protocol,
  }));
}

function checkNamed(
  flag: string,
  given: ReadonlyMap<string, unknown> | undefined,
  upstreams: readonly ProxyUpstream[],
): void {
  for (const name of given?.keys() ?? []) {
    if (upstreams.some((one) => one.name === name)) continue;
    const message = `--${flag} ${name}=… names no upstream: add --upstream ${name}=http://…`;
    throw new BrownoutError('usage', message);
  }
}

const NOTHING: Wanted = { upstreams: [], rules: [], proxies: [] };
