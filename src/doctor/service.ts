import { createRedactor, secretsOf, type Redactor } from '../scenario/run/redact.ts';
import { openSession, type Session } from '../scenario/run/session.ts';
import { watchStalls } from '../scenario/run/stall.ts';
import { createDisposables } from '../common/disposables.ts';
import { openSystem } from '../system/open.ts';
import type { SystemSpec } from '../system/spec.ts';
import type { Instance } from '../system/system.ts';
import { observe, type Observed } from './observe.ts';
import type { Probe } from './probe.ts';
import { learnReference, type Reference } from './reference.ts';

/** What a check may do with the service under test. */
export interface ServiceContext {
  readonly spec: SystemSpec;
  readonly probes: readonly Probe[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Starts it and logs its identities in, once for all checks. Rejects when it does not start. */
  readonly session: () => Promise<Session>;
  /** Starts one more, whose requests say themselves whose they are. */
  readonly start: () => Promise<Instance>;
  /** What a probe is answered while all is well, learnt once. */
  readonly reference: (probe: Probe) => Promise<Reference>;
  /** What the service asks of its upstreams for each probe, seen once. */
  readonly observed: () => Promise<readonly Observed[]>;
  /** Ends the check: it rejects then. */
  readonly signal: AbortSignal;
}

/** Disposing it ends everything that was started. */
export interface OpenService extends ServiceContext, AsyncDisposable {
  readonly redactor: Redactor;
}

interface ServiceOptions {
  readonly spec: SystemSpec;
  readonly probes: readonly Probe[];
  readonly seed: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Starts nothing before a check asks for it. */
export function openService({ spec, probes, seed, env, signal }: ServiceOptions): OpenService {
  const started = createDisposables();
  const redactor = createRedactor();
  for (const secret of secretsOf(spec, env)) redactor.add(secret);
  const references = new Map<Probe, Promise<Reference>>();
  let session: Promise<Session> | undefined;
  let observed: Promise<readonly Observed[]> | undefined;

  const service: OpenService = {
    spec,
    probes,
    env,
    session: () => (session ??= open()),
    async start() {
      const { system } = await service.session();
      return system.start(undefined, signal);
    },
    reference(probe) {
      const known = references.get(probe) ?? learnReference(service, probe);
      references.set(probe, known);
      return known;
    },
    observed: () => (observed ??= observe(service)),
    signal,
    redactor,
    async [Symbol.asyncDispose]() {
      // What is still being started is ended when it is there.
      await Promise.allSettled([session, observed, ...references.values()]);
      await started[Symbol.asyncDispose]();
    },
  };
  return service;

  async function open(): Promise<Session> {
    const stalls = watchStalls();
    started.use({ [Symbol.asyncDispose]: async () => stalls[Symbol.dispose]() });
    const system = started.use(await openSystem(spec, seed));
    return started.use(await openSession(system, spec, { signal, stalls, redactor }));
  }
}
