import type { Tally } from './tally.ts';
import type { Timing } from './timing.ts';
import type { Traffic } from './traffic.ts';

/** What a proxy counts as it goes. */
export interface Meters {
  readonly tally: Tally;
  /** Deciding which rules act. */
  readonly evaluation: Timing;
  /** By the upstream's name, those that are closed included. */
  traffic(): ReadonlyMap<string, Traffic>;
  /** How many stand. */
  rules(): number;
}
