import { valueAt } from '../common/json-pointer.ts';
import { BrownoutError } from '../common/errors.ts';
import type { SystemSpec } from '../system/spec.ts';
import type { System } from '../system/system.ts';
import { BASELINE_RUN, learnCalmly, type Baseline } from './baseline.ts';
import { jsonRequest } from './contract-request.ts';
import type { Contract } from './format/contract.ts';
import type { Redactor } from './redact.ts';
import { send, sentFor, type Answer } from './request.ts';
import type { StallWatch } from './stall.ts';

/** What is done once per run, not once per cell: logging in, and learning each contract's baseline. */
export interface Session {
  readonly system: System;
  /** The headers of a request made as this identity. */
  headersFor(as: string | undefined): Readonly<Record<string, string>>;
  baseline(contract: Contract): Promise<Baseline>;
}

interface SessionContext {
  readonly signal: AbortSignal;
  readonly stalls: StallWatch;
  /** Learns every token. */
  readonly redactor: Redactor;
}

/**
 * Starts one instance for all that is learnt in advance, and logs every identity in there.
 * @throws {BrownoutError} when the service does not start
 */
export async function openSession(
  system: System,
  spec: SystemSpec,
  { signal, stalls, redactor }: SessionContext,
): Promise<Session & AsyncDisposable> {
  const instance = await system.start(BASELINE_RUN, signal);
  const tokens = new Map<string, string>();
  const baselines = new Map<string, Promise<Baseline>>();
  const session: Session = {
    system,
    headersFor(as) {
      const token = as === undefined ? undefined : tokens.get(as);
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    baseline(contract) {
      // By what it says: two files may give their contracts one name.
      const key = JSON.stringify(contract);
      const known =
        baselines.get(key) ?? learnCalmly(contract, { instance, session, signal, stalls });
      baselines.set(key, known);
      return known;
    },
  };
  try {
    for (const [name, { post, json, token }] of Object.entries(spec.identities)) {
      const request = sentFor(BASELINE_RUN, jsonRequest('POST', post, {}, json));
      const answer = await send(instance.url, request, LOGIN_DEADLINE_MS, signal);
      const value = valueAt(answer.json, token);
      const accepted = answer.status !== null && answer.status >= 200 && answer.status <= 299;
      if (!accepted || typeof value !== 'string' || value === '')
        throw loginFailed(name, token, answer);
      tokens.set(name, value);
      redactor.add(value);
    }
  } catch (error) {
    await instance[Symbol.asyncDispose]();
    throw error;
  }
  return { ...session, [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose]() };
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
