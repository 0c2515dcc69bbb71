import type { CallFailure, FailureReason } from '../upstream/failure.ts';

/**
 * A part of an answer that comes from the stats service. When the call failed, `error` says so and `data` is empty, or
 * `stale`: "nobody scored" and "we do not know" must not look alike.
 */
export type Part<T> = SoundPart<T> | FailedPart<T>;

export interface SoundPart<T = unknown> {
  readonly data: T;
  readonly error: false;
  readonly reason?: 'anonymous';
}

export interface FailedPart<T = unknown> {
  readonly data: T;
  readonly error: true;
  readonly reason: FailureReason;
  readonly retryable: boolean;
  /** The data is what the service said last. */
  readonly stale?: true;
  /** How old stale data is, in whole seconds. */
  readonly age?: number;
  /** After how many milliseconds to ask again, where that is known. Told in a header, not in the part. */
  readonly retryAfterMs?: number | undefined;
}

/** What the service said, though it may be nothing. */
export function healthy<T>(data: T): Part<T> {
  return { data, error: false };
}

/** Nothing, since there is nobody to ask about. Not a failure. */
export function anonymous<T>(empty: T): Part<T> {
  return { data: empty, error: false, reason: 'anonymous' };
}

/** Nothing, since the call failed. */
export function failed<T>(empty: T, { reason, retryable, retryAfterMs }: CallFailure): Part<T> {
  return { data: empty, error: true, reason, retryable, retryAfterMs };
}

/** A part as clients see it. */
export function shown<T>(part: Part<T>): Part<T> {
  if (!part.error) return part;
  const { retryAfterMs: _, ...rest } = part;
  return rest;
}
