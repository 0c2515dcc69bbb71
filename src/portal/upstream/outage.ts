import { CallFailure } from './failure.ts';

/** An outage that an operator has declared: nothing is sent until it is ended. */
export interface ForcedOutage {
  begin(): void;
  end(): void;
  /** In milliseconds since 1970; undefined when there is none. */
  readonly since: number | undefined;
  /** What a call is told while there is one. */
  refusal(): CallFailure | undefined;
}

/** @param now milliseconds since 1970 */
export function createForcedOutage(now: () => number): ForcedOutage {
  let since: number | undefined;
  return {
    begin: () => void (since ??= now()),
    end: () => (since = undefined),
    get since() {
      return since;
    },
    refusal() {
      if (since === undefined) return undefined;
      return new CallFailure('forced', 'not called: an operator has declared an outage', { since });
    },
  };
}
