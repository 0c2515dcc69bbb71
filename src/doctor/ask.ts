import { randomBytes } from 'node:crypto';
import { traceparentOf, withMembers } from '../common/trace-context.ts';
import { send, type Answer } from '../scenario/request.ts';
import type { Instance } from '../system/system.ts';
import type { Probe } from './probe.ts';
import type { ServiceContext } from './service.ts';

/** Whose request it is. */
export interface Caller {
  readonly run: string;
  /** 32 hexadecimal digits; a trace of its own unless said. */
  readonly traceId?: string;
}

/** Sends a probe as a run's request: with `traceparent`, and `brownout.run` in its `baggage`. */
export async function ask(
  { session, signal }: Pick<ServiceContext, 'session' | 'signal'>,
  instance: Pick<Instance, 'url'>,
  probe: Probe,
  { run, traceId = randomHex(16) }: Caller,
): Promise<Answer> {
  const spec = probe.request(await session());
  const headers = {
    ...spec.headers,
    traceparent: traceparentOf({ traceId, sampled: true }, randomHex),
    baggage: withMembers(spec.headers['baggage'], { 'brownout.run': run }),
  };
  return send(instance.url, { ...spec, headers }, probe.deadline, signal);
}

/** A name that no other request has. */
export function freshRun(): string {
  return `doctor-${randomHex(6)}`;
}

export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}
