import nodeFetch from 'node-fetch';
import { createLog } from '../../../src/portal/log.ts';
import type { BreakerReport, CallReport } from '../../../src/portal/observer.ts';
import {
  createService,
  type Call,
  type CallSpec,
  type Outcome,
  type Service,
} from '../../../src/portal/upstream/service.ts';
import type { CallFailure } from '../../../src/portal/upstream/failure.ts';
import type { ServiceOptions } from '../../../src/portal/upstream/service-config.ts';
import type { LogLine } from '../portal-under-test.ts';
import { startStub, type Stub } from '../stub-stats.ts';

export interface ServiceSystem {
  stub: Stub;
  service: Service;
  readonly log: LogLine[];
  readonly called: CallReport[];
  readonly breakers: BreakerReport[];
  /** Declares a call that takes any document. */
  call(spec?: Partial<CallSpec<unknown>>): Call<unknown>;
  /** The same stub under another service. */
  restart(options?: Partial<ServiceOptions>): void;
}

export const CAUSE = {
  requestId: 'request-1',
  trace: { traceId: 'a'.repeat(32), sampled: false, baggage: undefined },
};

export const NO_PAUSE = { backoffMinMs: 0, backoffMaxMs: 0 };

/** A service called `sample` and a stub that it asks, for each test of the suite. */
export function useService(options: Partial<ServiceOptions> = {}): ServiceSystem {
  const system = {
    log: [] as LogLine[],
    called: [] as CallReport[],
    breakers: [] as BreakerReport[],
    call: (spec = {}) => system.service.call({ name: 'thing', read: (it) => it, ...spec }),
    restart(options = {}) {
      system.service?.close();
      system.service = serviceOf(system, { baseUrl: system.stub.url, ...options });
    },
  } as ServiceSystem;
  beforeEach(async () => {
    system.stub = await startStub();
    for (const list of [system.log, system.called, system.breakers]) list.length = 0;
    system.restart(options);
  });
  afterEach(async () => {
    system.service.close();
    await system.stub[Symbol.asyncDispose]();
  });
  return system;
}

function serviceOf(system: ServiceSystem, options: Partial<ServiceOptions>): Service {
  const write = (line: string) => void system.log.push(JSON.parse(line) as LogLine);
  return createService(
    { name: 'sample', baseUrl: 'http://127.0.0.1:1', ...options },
    {
      fetch: nodeFetch,
      log: createLog('info', { write }),
      random: () => 0.5,
      randomHex: (bytes) => 'b'.repeat(2 * bytes),
      now: () => performance.timeOrigin + performance.now(),
      observer: {
        called: (call) => void system.called.push(call),
        breaker: (change) => void system.breakers.push(change),
      },
    },
  );
}

export function failureOf(outcome: Outcome<unknown>): CallFailure {
  if (outcome.ok) throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`);
  return outcome.failure;
}

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw outcome.failure;
  return outcome.value;
}
