import type { CallFailure, FailureReason } from '../upstream/failure.ts';

/**
 * A part of an answer that comes from the stats service. When the call failed, `data` is empty and `error` says so:
 * "nobody scored" and "we do not know" must not look alike.
 */
export type Part<T> =
  | { readonly data: T; readonly error: false; readonly reason?: 'anonymous' }
  | {
      readonly data: T;
      readonly error: true;
      readonly reason: FailureReason;
      readonly retryable: boolean;
    };

/** What the service said, though it may be nothing. */
export function healthy<T>(data: T): Part<T> {
  return { data, error: false };
}

/** Nothing, since there is nobody to ask about. Not a failure. */
export function anonymous<T>(empty: T): Part<T> {
  return { data: empty, error: false, reason: 'anonymous' };
}

/** Nothing, since the call failed. */
export function failed<T>(empty: T, { reason, retryable }: CallFailure): Part<T> {
  return { data: empty, error: true, reason, retryable };
}
