import type { SystemSpec } from '../../system/spec.ts';
import type { System } from '../../system/system.ts';
import { BASELINE_RUN, learnCalmly, type Baseline } from './baseline.ts';
import type { Contract } from '../format/contract.ts';
import { logIn } from './log-in.ts';
import type { Redactor } from './redact.ts';
import type { StallWatch } from './stall.ts';

/** What is done once per run, not once per cell: logging in, and learning each contract's baseline. */
export interface Session {
  readonly system: System;
  /** The headers of a request made as this identity. */
  headersFor(as: string | undefined): Readonly<Record<string, string>>;
  baseline(contract: Contract): Promise<Baseline>;
}

interface SessionContext {
  readonly signal: AbortSignal;
  readonly stalls: StallWatch;
  /** Learns every token. */
  readonly redactor: Redactor;
}

/**
 * Starts one instance for all that is learnt in advance, and logs every identity in there.
 * @throws {BrownoutError} when the service does not start
 */
export async function openSession(
  system: System,
  spec: SystemSpec,
  { signal, stalls, redactor }: SessionContext,
): Promise<Session & AsyncDisposable> {
  const { upstreams } = spec;
  const instance = await system.start(BASELINE_RUN, signal);
  const tokens = new Map<string, string>();
  const baselines = new Map<string, Promise<Baseline>>();
  const session: Session = {
    system,
    headersFor(as) {
      const token = as === undefined ? undefined : tokens.get(as);
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    baseline(contract) {
      // By what it says: two files may give their contracts one name.
      const key = JSON.stringify(contract);
      const known =
        baselines.get(key) ??
        learnCalmly(contract, { instance, session, upstreams, signal, stalls });
      baselines.set(key, known);
      return known;
    },
  };
  try {
    const at = { url: instance.url, run: BASELINE_RUN };
    for (const [name, identity] of Object.entries(spec.identities)) {
      const token = await logIn(name, identity, at, signal);
      tokens.set(name, token);
      redactor.add(token);
    }
  } catch (error) {
    await instance[Symbol.asyncDispose]();
    throw error;
  }
  return { ...session, [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose]() };
}
