import type { FaultLink } from './exchange.ts';
import type { OpenEntry } from './journal.ts';
import type { Link } from './link.ts';
import type { Firing } from './rules.ts';

/** Notes in the journal, once, that this firing has really begun to act. */
export function markOf({ rule, fault, phase }: Firing, entry: OpenEntry): () => void {
  let marked = false;
  return () => {
    if (!marked) entry.fired(rule.id, fault.name, phase);
    marked = true;
  };
}

/**
 * What one firing may do to a link. Whatever it does is noted as fired, so that no fault has to remember to.
 * `live` links were open before the rule came: there a hold begins with the first byte that it stops.
 */
export function linkSurface(link: Link, firing: Firing, mark: () => void, live = false): FaultLink {
  const { waits } = firing.rule;
  const wait = (ms: number) => {
    if (!waits.released) mark();
    return waits.wait(ms, link);
  };
  return {
    random: firing.random,
    wait,
    untilLifted: () => wait(Infinity),
    reset() {
      mark();
      return link.reset();
    },
    close() {
      mark();
      return link.close();
    },
    async hold(ms = Infinity) {
      if (waits.released) return;
      if (!live) mark();
      const release = link.hold(mark);
      await waits.wait(ms, link);
      release();
    },
  };
}
