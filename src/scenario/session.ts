import { isDeepStrictEqual } from 'node:util';
import { formatDuration } from '../common/duration.ts';
import { valueAt } from '../common/json-pointer.ts';
import { BrownoutError } from '../common/errors.ts';
import type { Instance, System } from '../system/system.ts';
import type { SystemSpec } from '../system/spec.ts';
import { differences } from './difference.ts';
import type { Finding } from './expectation.ts';
import type { Contract } from './format/contract.ts';
import { interpolate } from './interpolate.ts';
import { leaks } from './leak.ts';
import { send, sentFor, type Answer, type RequestSpec } from './request.ts';
import type { JournalEntry } from '../proxy/journal.ts';
import type { Redactor } from './redact.ts';
import type { OwnRequest } from './step.ts';
import { MOST_STALL_MS, type StallWatch } from './stall.ts';

/** What the baseline of a contract is, or why there is none. */
export type Baseline =
  | { readonly answer: Answer }
  | {
      readonly verdict: 'broken' | 'inconclusive';
      readonly reason: string;
      readonly findings: readonly Finding[];
      /** What the service asked of its upstreams meanwhile. */
      readonly exchanges?: readonly JournalEntry[];
    };

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

/** The request of a contract. */
export function contractRequest(
  contract: Contract,
  session: Pick<Session, 'headersFor'>,
): RequestSpec {
  const { get, as, headers = {} } = contract.request;
  return {
    method: 'GET',
    path: get,
    headers: { ...headers, ...session.headersFor(as) },
    body: undefined,
  };
}

/** A request that a scenario says itself. */
export function ownRequest(
  { method, path, headers, as, json }: OwnRequest,
  session: Pick<Session, 'headersFor'>,
): RequestSpec {
  return jsonRequest(method, path, { ...headers, ...session.headersFor(as) }, json);
}

/** How long a contract's request may take before it is given up. */
export function deadlineOf({ budget }: Contract): number {
  return Math.max(1000, 2 * budget.degraded);
}

export function jsonRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  json: unknown,
): RequestSpec {
  if (json === undefined) return { method, path, headers, body: undefined };
  return {
    method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json),
  };
}

/** What is wrong with an answer that should be healthy: its status, its flags, leaks, and its time. */
export function unhealthy(contract: Contract, answer: Answer, instance: Instance): Finding[] {
  if (answer.status === null || answer.status < 200 || answer.status > 299) {
    return [{ pointer: 'status', expected: '2xx', got: answer.status ?? answer.problem }];
  }
  if (answer.json === undefined) {
    return [{ pointer: 'body', expected: 'JSON', got: answer.body.slice(0, SHOWN) }];
  }
  const flags = [
    ...Object.values(contract.calls).map(({ flag }) => flag),
    ...(contract.overall ? [contract.overall.flag] : []),
  ];
  const raised = flags.filter((flag) => valueAt(answer.json, flag) !== false);
  const { baseline } = contract.budget;
  // A pointer that leads nowhere is a mistake in the contract, not a failing of the service under a fault.
  const nowhere = Object.entries(contract.calls)
    .map(([name, { data }]) => ({ name, data }))
    .filter(({ data }) => valueAt(answer.json, data) === undefined);
  const findings = [
    ...nowhere.map(({ name, data }) => ({
      pointer: data,
      expected: `the data of ${name}, as the contract says`,
      got: undefined as unknown,
    })),
    ...raised.map((flag) => ({ pointer: flag, expected: false, got: valueAt(answer.json, flag) })),
    ...leaks(neverOf(contract, instance), answer),
  ];
  if (answer.durationMs > baseline) {
    const got = formatDuration(answer.durationMs);
    findings.push({ pointer: 'time', expected: `at most ${formatDuration(baseline)}`, got });
  }
  return findings;
}

/** Where an answer differs from the baseline, volatile parts aside. */
export function changes({ volatile }: Contract, baseline: Answer, answer: Answer): Finding[] {
  const status =
    answer.status === baseline.status
      ? []
      : [{ pointer: 'status', expected: baseline.status, got: answer.status }];
  return [...status, ...differences(baseline.json, answer.json, new Set(volatile))];
}

/** The texts that must not stand in an answer of this instance. */
export function neverOf(contract: Contract, instance: Instance): string[] {
  return interpolate(contract.never, instance.values) as string[];
}

interface Learning {
  readonly instance: Instance;
  readonly session: Pick<Session, 'headersFor' | 'system'>;
  readonly signal: AbortSignal;
  readonly stalls: StallWatch;
}

/** What is learnt holds for every cell, so a bad baseline is learnt again while this process was too busy to judge it. */
async function learnCalmly(contract: Contract, learning: Learning): Promise<Baseline> {
  for (let tries = 1; ; tries++) {
    const stalled = learning.stalls.since();
    const baseline = await learn(contract, learning).finally(stalled);
    if (!('verdict' in baseline) || stalled() <= MOST_STALL_MS || tries === TRIES) return baseline;
  }
}

/** Three requests: what is unhealthy makes the baseline broken, what changes from one to the next inconclusive. */
async function learn(
  contract: Contract,
  { instance, session, signal }: Learning,
): Promise<Baseline> {
  const request = contractRequest(contract, session);
  // The first request of a process is slow for reasons of its own: it warms up and is not judged.
  const ask = () =>
    send(instance.url, sentFor(BASELINE_RUN, request), deadlineOf(contract), signal);
  await ask();
  const answers: Answer[] = [];
  for (let i = 0; i < 3; i++) {
    const answer = await ask();
    const findings = unhealthy(contract, answer, instance);
    if (findings.length > 0) {
      const { entries: exchanges } = await session.system.control.journal({ run: BASELINE_RUN });
      return {
        verdict: 'broken',
        reason: 'the baseline did not hold before any fault',
        findings,
        exchanges,
      };
    }
    answers.push(answer);
  }
  const [first, ...others] = answers as [Answer, ...Answer[]];
  const findings = others.flatMap((other) => changes(contract, first, other));
  if (findings.length === 0) return { answer: first };
  const pointers = [...new Set(findings.map(({ pointer }) => pointer || 'the whole body'))];
  const reason = `the baseline changes from one request to the next: name ${pointers.join(', ')} under volatile, or mend it`;
  return { verdict: 'inconclusive', reason, findings: unique(findings) };
}

function unique(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (one, i) => findings.findIndex((other) => isDeepStrictEqual(one, other)) === i,
  );
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

/** No cell's id has a space in it, so no cell's faults can act on this instance. */
const BASELINE_RUN = 'the baseline';
const LOGIN_DEADLINE_MS = 10_000;
const TRIES = 3;
const SHOWN = 200;
