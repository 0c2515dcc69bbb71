import type { ServiceCheck } from '../check.ts';
import { watchTogether, type Together } from '../together.ts';

export const isolated: ServiceCheck = {
  name: 'isolated',
  needs: 'service',
  proves: 'what breaks for one run shows in no answer of another, at once or after it',
  advice:
    'Something outlives a request: a breaker, a cache, a call that requests share. Take stateless: true away, and cells get an instance each.',
  after: 'propagates',
  async run(service) {
    if (!service.spec.service.stateless) {
      const seen = 'not tried: the system file does not say stateless: true';
      return { verdict: 'not needed', seen, advice: 'Cells get an instance each.' };
    }
    const pairs = (await service.observed()).flatMap((observed) =>
      observed.calls.map((call) => ({ observed, call })),
    );
    const tried: Together[] = [];
    for (const { observed, call } of pairs.slice(0, MOST_PAIRS)) {
      const together = await watchTogether(service, observed, call);
      if (together.leak !== undefined)
        return { verdict: 'fails', seen: `${observed.probe.name}: ${together.leak}` };
      tried.push(together);
    }
    const sum = (of: 'broken' | 'whole') => tried.reduce((total, one) => total + one[of], 0);
    const of = pairs.length > MOST_PAIRS ? ` of ${pairs.length}` : '';
    const seen = `${tried.length}${of} calls, broken ${sum('broken')} times for one run: ${sum('whole')} answers to others whole`;
    if (tried.every(({ broken }) => broken >= ENOUGH)) return { verdict: 'holds', seen };
    const advice =
      'Its answers take so long under a fault that too few could be asked for: give its calls a shorter timeout, or take stateless: true away.';
    return { verdict: 'unknown', seen, advice };
  },
};

/** Each takes a fresh instance. */
const MOST_PAIRS = 8;
/** What a breaker may need to open. */
const ENOUGH = 15;
