import type { Logger } from 'pino';
import type { Observer } from '../observer.ts';

/** Writes a line when a breaker opens and when it closes; probes in between are worth one at `debug`. */
export function createBreakerLog(log: Logger): Pick<Required<Observer>, 'breaker'> {
  const open = new Set<string>();
  return {
    breaker({ service, call, state }) {
      const key = `${service} ${call}`;
      const facts = { service, call, breaker: state };
      if (state === 'closed') {
        if (open.delete(key))
          log.info(facts, `The breaker of ${key} has closed: it is called again`);
      } else if (state === 'open' && !open.has(key)) {
        open.add(key);
        log.warn(facts, `The breaker of ${key} has opened: it is not called for a while`);
      } else {
        log.debug(facts, `The breaker of ${key} is ${state}`);
      }
    },
  };
}
