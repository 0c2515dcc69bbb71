import { isDeepStrictEqual } from 'node:util';
import { valueAt } from '../common/json-pointer.ts';
import { BrownoutError } from '../common/errors.ts';
import type { Instance, System } from '../system/system.ts';
import type { SystemSpec } from '../system/spec.ts';
import { differences } from './difference.ts';
import type { Finding } from './expectation.ts';
import type { Contract } from './format/contract.ts';
import { interpolate } from './interpolate.ts';
import { send, type Answer, type RequestSpec } from './request.ts';

/** What the baseline of a contract is, or why there is none. */
export type Baseline =
  | { readonly answer: Answer }
  | {
      readonly verdict: 'broken' | 'inconclusive';
      readonly reason: string;
      readonly findings: readonly Finding[];
    };

/** What is done once per run, not once per cell: logging in, and learning each contract's baseline. */
export interface Session {
  readonly system: System;
  /** The headers of a request made as this identity. */
  headersFor(as: string | undefined): Readonly<Record<string, string>>;
  baseline(contract: Contract): Promise<Baseline>;
}

/**
 * Starts one instance for all that is learnt in advance, and logs every identity in there.
 * @throws {BrownoutError} when the service does not start
 */
export async function openSession(
  system: System,
  spec: SystemSpec,
  signal: AbortSignal,
): Promise<Session & AsyncDisposable> {
  const instance = await system.start('baseline', signal);
  const tokens = new Map<string, string>();
  const baselines = new Map<string, Promise<Baseline>>();
  const session: Session = {
    system,
    headersFor(as) {
      const token = as === undefined ? undefined : tokens.get(as);
      return token === undefined ? {} : { authorization: `Bearer ${token}` };
    },
    baseline(contract) {
      const known = baselines.get(contract.contract) ?? learn(contract, instance, session, signal);
      baselines.set(contract.contract, known);
      return known;
    },
  };
  try {
    for (const [name, { post, json, token }] of Object.entries(spec.identities)) {
      const request = jsonRequest('POST', post, {}, json);
      const answer = await send(instance.url, request, LOGIN_DEADLINE_MS, signal);
      const value = valueAt(answer.json, token);
      if (typeof value === 'string') tokens.set(name, value);
      else throw loginFailed(name, answer);
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
  const flags = [
    ...Object.values(contract.calls).map(({ flag }) => flag),
    ...(contract.overall ? [contract.overall.flag] : []),
  ];
  const raised = flags.filter((flag) => valueAt(answer.json, flag) !== false);
  const { baseline } = contract.budget;
  return [
    ...raised.map((flag) => ({ pointer: flag, expected: false, got: valueAt(answer.json, flag) })),
    ...neverOf(contract, instance)
      .filter((text) => answer.body.includes(text))
      .map((text) => ({
        pointer: 'body',
        expected: `nowhere ${JSON.stringify(text)}`,
        got: answer.body,
      })),
    ...(answer.durationMs <= baseline
      ? []
      : [
          {
            pointer: 'time',
            expected: `at most ${baseline}ms`,
            got: `${Math.round(answer.durationMs)}ms`,
          },
        ]),
  ];
}

/** The texts that must not stand in an answer of this instance. */
export function neverOf(contract: Contract, instance: Instance): string[] {
  return interpolate(contract.never, instance.values) as string[];
}

/** Three requests: what is unhealthy makes the baseline broken, what changes from one to the next inconclusive. */
async function learn(
  contract: Contract,
  instance: Instance,
  session: Session,
  signal: AbortSignal,
): Promise<Baseline> {
  const request = contractRequest(contract, session);
  // The first request of a process is slow for reasons of its own: it warms up and is not judged.
  await send(instance.url, request, deadlineOf(contract), signal);
  const answers: Answer[] = [];
  for (let i = 0; i < 3; i++) {
    const answer = await send(instance.url, request, deadlineOf(contract), signal);
    const findings = unhealthy(contract, answer, instance);
    if (findings.length > 0) {
      return { verdict: 'broken', reason: 'the baseline did not hold before any fault', findings };
    }
    answers.push(answer);
  }
  const [first, ...others] = answers as [Answer, ...Answer[]];
  const ignored = new Set(contract.volatile);
  const findings = others.flatMap((other) => differences(first.json, other.json, ignored));
  if (findings.length === 0) return { answer: first };
  const pointers = [...new Set(findings.map(({ pointer }) => pointer))].join(', ');
  const reason = `the baseline changes from one request to the next: name ${pointers} under volatile, or mend it`;
  return { verdict: 'inconclusive', reason, findings: unique(findings) };
}

function unique(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    (one, i) => findings.findIndex((other) => isDeepStrictEqual(one, other)) === i,
  );
}

function loginFailed(name: string, answer: Answer): BrownoutError {
  const what =
    answer.status === null ? answer.problem : `${answer.status} ${answer.body.slice(0, 200)}`;
  return new BrownoutError(
    'login_failed',
    `the identity "${name}" could not log in: ${what ?? ''}`,
  );
}

const LOGIN_DEADLINE_MS = 10_000;
