import { BrownoutError } from '../common/errors.ts';
import type { RequestHead } from './exchange.ts';
import { parseMatch, type Match } from './match.ts';
import type { ProxyUpstream } from './proxy.ts';
import type { UpstreamNames } from './rule-spec.ts';

/** What rules may say of an upstream. */
export interface Known {
  text: string;
  readonly protocol: 'http' | 'tcp';
  readonly tls: boolean;
  /** As they are written. They may become others, so that each request looks here. */
  named: Calls;
  calls: readonly { readonly name: string; readonly matches: Match['request'] }[];
}

type Calls = Readonly<Record<string, string>>;

/**
 * The names that rules may name. Rules are checked against them, so one name means one protocol and one set of calls in all
 * runs, for as long as somebody holds it or a rule stands on it.
 */
export interface KnownNames {
  /** @throws {BrownoutError} `two_upstreams` where it means something else already */
  take(upstream: ProxyUpstream): Known;
  /** Gives a name other calls, for all who hold it. */
  recall(name: string, calls: Calls): void;
  /** One who has taken it is done with it. */
  release(name: string): void;
  all(): UpstreamNames;
}

/** `stands`: whether a rule stands on an upstream. */
export function createKnownNames(stands: (name: string) => boolean): KnownNames {
  const known = new Map<string, Known>();
  const holders = new Map<string, number>();

  return {
    take({ name, protocol = 'http', tls = false, calls = {} }) {
      forgetUnused();
      const text = textOf({ protocol, tls, calls });
      const before = known.get(name);
      if (before && before.text !== text) {
        throw new BrownoutError(
          'two_upstreams',
          `the upstream "${name}" is open already, with another protocol or other calls`,
        );
      }
      const taken = before ?? {
        text,
        protocol,
        tls,
        named: calls,
        calls: matchersOf(calls),
      };
      known.set(name, taken);
      holders.set(name, (holders.get(name) ?? 0) + 1);
      return taken;
    },
    recall(name, calls) {
      const held = known.get(name);
      if (!held) return;
      held.named = calls;
      held.calls = matchersOf(calls);
      held.text = textOf({ protocol: held.protocol, tls: held.tls, calls });
    },
    release(name) {
      const left = (holders.get(name) ?? 1) - 1;
      if (left > 0) holders.set(name, left);
      else holders.delete(name);
    },
    all() {
      forgetUnused();
      return Object.fromEntries(
        [...known].map(([name, { protocol, tls, calls }]) => [
          name,
          { protocol, tls, calls: calls.map((call) => call.name) },
        ]),
      );
    },
  };

  function forgetUnused(): void {
    for (const name of known.keys()) {
      if (!holders.has(name) && !stands(name)) known.delete(name);
    }
  }
}

function matchersOf(calls: Calls): Known['calls'] {
  return Object.entries(calls).map(([call, pattern]) => {
    const match = parseMatch(pattern);
    return { name: call, matches: (request: RequestHead) => match.request(request) };
  });
}

function textOf(meaning: Pick<Known, 'protocol' | 'tls'> & { readonly calls: Calls }): string {
  return JSON.stringify(meaning);
}
