import { randomHex } from '../common/random-hex.ts';
import { traceparentOf } from '../common/trace-context.ts';
import { send, sentFor, type Answer } from '../scenario/requests/request.ts';
import type { Instance } from '../system/system.ts';
import type { Probe } from './probe.ts';
import type { ServiceContext } from './service.ts';

/** Whose request it is. */
export interface Caller {
  readonly run: string;
  /** 32 hexadecimal digits; a trace of its own unless said. */
  readonly traceId?: string;
}

/** Sends a probe as a run's request, as the runner does: with `traceparent`, and `brownout.run` in its `baggage`. */
export async function ask(
  { session, signal }: Pick<ServiceContext, 'session' | 'signal'>,
  instance: Pick<Instance, 'url'>,
  probe: Probe,
  { run, traceId = randomHex(16) }: Caller,
): Promise<Answer> {
  const spec = probe.request(await session());
  const traceparent = traceparentOf({ traceId, sampled: true }, randomHex);
  const sent = sentFor(run, { ...spec, headers: { ...spec.headers, traceparent } });
  return send(instance.url, sent, probe.deadline, signal);
}

/** A name that no other request has. */
export function freshRun(): string {
  return `doctor-${randomHex(6)}`;
}
