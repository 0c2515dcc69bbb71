import type { FailureReason } from './upstream/failure.ts';

/** Hears what the portal does while it works. Must not throw, and must not take long. */
export interface Observer {
  /** A call to another service has ended. */
  called?(call: CallReport): void;
  /** A breaker has changed its state. */
  breaker?(change: BreakerReport): void;
  /** A request has been answered, or its client has gone. */
  answered?(answer: AnswerReport): void;
}

export interface CallReport {
  /** `stats` */
  readonly service: string;
  /** `leaderboard` */
  readonly call: string;
  readonly outcome: 'ok' | FailureReason;
  /** What the service answered, if it answered. */
  readonly status?: number;
  /** Requests that were really sent. */
  readonly attempts: number;
  readonly durationMs: number;
  readonly requestId: string;
}

export interface BreakerReport {
  readonly service: string;
  readonly call: string;
  readonly state: BreakerState;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface AnswerReport {
  /** One of the methods that the portal has routes for, else `OTHER`: clients may send any word. */
  readonly method: CountedMethod;
  /** As its route is written, `/games/v1/games/:pk`: never an id. Absent where no route was met. */
  readonly route: string | undefined;
  readonly status: number;
  /** The client did not wait for the answer. */
  readonly gone: boolean;
  /** Until the answer was ready; how long the client took to read it is the client's. */
  readonly durationMs: number;
  readonly requestId: string;
  /** The calls that the answer lacks: `leaderboard`, `player-stats`. */
  readonly degraded: readonly string[];
  /** The code of an error. */
  readonly code: string | undefined;
}

/** For counting: few, whatever clients send. */
export type CountedMethod = (typeof METHODS)[number] | 'OTHER';

/** A method as it may be counted by. */
export function methodOf(text: string): CountedMethod {
  return METHODS.find((known) => known === text) ?? 'OTHER';
}

/** Tells all of them, in their order. */
export function tellAll(observers: readonly Observer[]): Required<Observer> {
  return {
    called: (call) => observers.forEach((observer) => observer.called?.(call)),
    breaker: (change) => observers.forEach((observer) => observer.breaker?.(change)),
    answered: (answer) => observers.forEach((observer) => observer.answered?.(answer)),
  };
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
