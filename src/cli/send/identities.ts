import { InvalidError } from '../../common/errors.ts';
import { logIn } from '../../scenario/run/log-in.ts';
import { unknownIdentity } from '../../scenario/load/named.ts';
import type { SystemSpec } from '../../system/spec.ts';

/** Who requests may be made as. */
export interface Identities {
  /**
   * The headers of a request that is made as one of them.
   * @throws {InvalidError} for one that is not there
   * @throws {BrownoutError} `login_failed`
   */
  headersFor(
    as: string | undefined,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, string>>>;
}

/** Logs each in when it is needed, and again after a while: what runs for hours outlives its tokens. */
export function createIdentities(
  spec: SystemSpec,
  url: string,
  learnt: (token: string) => void,
): Identities {
  const tokens = new Map<string, { readonly token: string; readonly at: number }>();
  return {
    async headersFor(as, signal) {
      if (as === undefined) return {};
      const problems = unknownIdentity(as, spec, []);
      const identity = spec.identities[as];
      if (problems.length > 0 || !identity) throw new InvalidError(problems);
      const known = tokens.get(as);
      if (known && performance.now() - known.at < FRESH_MS) return bearer(known.token);
      const token = await logIn(as, identity, { url, run: 'log in' }, signal);
      learnt(token);
      tokens.set(as, { token, at: performance.now() });
      return bearer(token);
    },
  };
}

function bearer(token: string) {
  return { authorization: `Bearer ${token}` };
}

const FRESH_MS = 60_000;
