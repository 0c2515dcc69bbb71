import type { Healthy } from './healthy.ts';
import type { SendPlan } from './plan.ts';
import type { Under } from './sender.ts';
import type { ToldAnswer } from './told.ts';

/** How others are kept out of what is broken for one request, and why it is not by baggage. */
export function isolationFor(
  { rules }: SendPlan,
  healthy: Healthy | undefined,
  { page }: Pick<Under, 'page'>,
  repeatable: boolean,
): Pick<ToldAnswer, 'isolation' | 'why'> {
  if (rules.length === 0) return { isolation: null, why: null };
  // Nobody else knows of it.
  if (page === undefined) return { isolation: 'instance', why: null };
  const why = whyNot();
  return { isolation: why === null ? 'baggage' : 'exclusive', why };

  function whyNot(): string | null {
    const onConnections = rules.some(({ planned }) =>
      planned.faults.some(({ level }) => level !== 'request'),
    );
    if (onConnections) return 'it acts on connections, which are no one request’s';
    if (!repeatable)
      return 'such a request is sent once only, so nothing proves whose its calls are';
    if (healthy?.lost !== undefined)
      return `the service called ${healthy.lost} without the baggage of the request that it was for`;
    return healthy?.passesOn ? null : 'the service made no call that would prove whose it is';
  }
}
