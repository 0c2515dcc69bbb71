import type { BreakerState } from '../observer.ts';

/** Another service as operators see it and may switch it off. */
export interface ServiceHandle {
  /** `stats` */
  readonly name: string;
  /** Each call has a breaker of its own. */
  states(): readonly CallState[];
  /** Until it is ended every call is refused as `forced`, and nothing is sent. */
  forceOutage(): void;
  endOutage(): void;
  /** When the forced outage began, in milliseconds since 1970; undefined when there is none. */
  forcedSince(): number | undefined;
}

export interface CallState {
  /** `leaderboard` */
  readonly call: string;
  readonly breaker: BreakerState;
  /** Since when, in milliseconds since 1970. */
  readonly since: number;
}
