import type { OpenUpstream, ProxyUpstream } from '../../proxy/proxy.ts';

/** What has to be done to upstreams that are open, so that they are those that are wanted. */
export interface Difference {
  readonly added: readonly ProxyUpstream[];
  readonly removed: readonly string[];
  /** Its connections go on: only the names of its calls are others. */
  readonly renamed: readonly ProxyUpstream[];
  /** Opened anew, for another address, target or protocol. */
  readonly reopened: readonly ProxyUpstream[];
}

/** @param open as they were wanted before, by name */
export function differenceOf(
  open: ReadonlyMap<string, ProxyUpstream>,
  wanted: readonly ProxyUpstream[],
): Difference {
  const names = new Set(wanted.map(({ name }) => name));
  const kept = wanted.filter(({ name }) => open.has(name));
  const changed = kept.filter((one) => textOf(one) !== textOf(open.get(one.name) ?? one));
  const onlyCalls = (one: ProxyUpstream) =>
    textOf({ ...one, calls: {} }) === textOf({ ...(open.get(one.name) ?? one), calls: {} });
  return {
    added: wanted.filter(({ name }) => !open.has(name)),
    removed: [...open.keys()].filter((name) => !names.has(name)),
    renamed: changed.filter(onlyCalls),
    reopened: changed.filter((one) => !onlyCalls(one)),
  };
}

/** Whether rules on the one mean something else on the other, so that they cannot stand on both. */
export function speaksOtherwise(one: ProxyUpstream, other: ProxyUpstream): boolean {
  const { protocol = 'http', tls = false } = one;
  return protocol !== (other.protocol ?? 'http') || tls !== (other.tls ?? false);
}

/** Whether it would listen where another does now. */
export function takesPortOf({ host = '127.0.0.1', port }: ProxyUpstream, other: OpenUpstream) {
  if (!port) return false;
  const [, otherHost = '', otherPort = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(other.address) ?? [];
  const everywhere = [host, otherHost].some((one) => one === '0.0.0.0' || one === '::');
  return String(port) === otherPort && (everywhere || host === otherHost);
}

function textOf({ name, calls = {}, ...rest }: ProxyUpstream): string {
  const entries = Object.entries(rest).filter(([, value]) => value !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  // The first call that fits names a request: their order counts.
  return JSON.stringify([name, Object.entries(calls), sorted]);
}
