import { Unauthorized } from '../errors/classes.ts';

/** A 401 with the challenge of RFC 6750; `error` is left out where no token was presented. */
export function unauthorized(
  message: string,
  error?: 'invalid_token' | 'invalid_request',
  cause?: unknown,
): Unauthorized {
  const challenge = 'Bearer realm="portal"' + (error ? `, error="${error}"` : '');
  return new Unauthorized(message, { challenge, cause, ...(error && { code: error }) });
}
