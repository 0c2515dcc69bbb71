import { BrownoutError } from '../../common/errors.ts';
import { valueAt } from '../../common/json-pointer.ts';
import type { IdentitySpec } from '../../system/spec.ts';
import { jsonRequest } from '../requests/contract-request.ts';
import { send, sentFor, type Answer } from '../requests/request.ts';

/**
 * Logs an identity in at a service; gives its bearer token.
 * @param run whose request it is, in its baggage
 * @throws {BrownoutError} `login_failed`
 */
export async function logIn(
  name: string,
  { post, json, token }: IdentitySpec,
  { url, run }: { readonly url: string; readonly run: string },
  signal: AbortSignal,
): Promise<string> {
  const request = sentFor(run, jsonRequest('POST', post, {}, json));
  const answer = await send(url, request, LOGIN_DEADLINE_MS, signal);
  const value = valueAt(answer.json, token);
  const accepted = answer.status !== null && answer.status >= 200 && answer.status <= 299;
  if (!accepted || typeof value !== 'string' || value === '')
    throw loginFailed(name, token, answer);
  return value;
}

function loginFailed(name: string, token: string, answer: Answer): BrownoutError {
  const keys = Object.keys((answer.json as object | null | undefined) ?? {}).join(', ');
  // The body of a login that succeeded holds the very token: its keys are all that may be told.
  const told =
    answer.status !== null && answer.status < 300
      ? `${answer.status}, without a text at ${token} (there is: ${keys || 'no JSON'})`
      : `${answer.status ?? answer.problem} ${answer.body.slice(0, SHOWN)}`;
  return new BrownoutError('login_failed', `the identity "${name}" could not log in: ${told}`);
}

const LOGIN_DEADLINE_MS = 10_000;
const SHOWN = 200;
