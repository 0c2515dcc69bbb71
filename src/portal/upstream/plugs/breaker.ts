import type { Plug } from './plug.ts';

/**
 * The place of the policy among the plugs: deadline, attempts, breaker, bulkhead. It must be the first, so that everything behind it runs
 * for each attempt, and nothing of it while the breaker is open.
 */
export const breaker: Plug = { name: 'breaker', plugIn: () => ({}) };
