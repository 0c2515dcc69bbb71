import { isDeepStrictEqual } from 'node:util';
import { valueAt } from '../../common/json-pointer.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import type { SystemSpec } from '../../system/spec.ts';
import type { Instance, System } from '../../system/system.ts';
import { contractRequest, deadlineOf, type HeadersFor } from '../requests/contract-request.ts';
import type { Finding } from '../expectation.ts';
import type { Contract } from '../format/contract.ts';
import { changes, unhealthy } from './healthy.ts';
import { send, sentFor, type Answer } from '../requests/request.ts';
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

interface Learning {
  readonly instance: Instance;
  readonly session: HeadersFor & { readonly system: System };
  readonly upstreams: SystemSpec['upstreams'];
  readonly signal: AbortSignal;
  readonly stalls: StallWatch;
}

/** What is learnt holds for every cell, so a bad baseline is learnt again while this process was too busy to judge it. */
export async function learnCalmly(contract: Contract, learning: Learning): Promise<Baseline> {
  for (let tries = 1; ; tries++) {
    const stalled = learning.stalls.since();
    const baseline = await learn(contract, learning).finally(stalled);
    if (!('verdict' in baseline) || stalled() <= MOST_STALL_MS || tries === TRIES) return baseline;
  }
}

/** Three requests: what is unhealthy makes the baseline broken, what changes from one to the next inconclusive. */
async function learn(
  contract: Contract,
  { instance, session, upstreams, signal }: Learning,
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
        reason: [
          'the baseline did not hold before any fault',
          ...elsewhere(findings, answer.json),
          ...uncalled(contract, findings, exchanges, upstreams),
        ].join('\n'),
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

/** No cell's id has a space in it, so no cell's faults can act on this instance. */
export const BASELINE_RUN = 'the baseline';
const TRIES = 3;

/** What stands where a pointer leads nowhere. */
function elsewhere(findings: readonly Finding[], json: unknown): string[] {
  return findings.flatMap(({ pointer, got }) => {
    if (!pointer.startsWith('/') || got !== undefined) return [];
    let parent = pointer;
    do parent = parent.slice(0, parent.lastIndexOf('/'));
    while (parent !== '' && valueAt(json, parent) === undefined);
    const there = parent === '' ? json : valueAt(json, parent);
    if (typeof there !== 'object' || there === null || Array.isArray(there)) return [];
    const names = Object.keys(there).filter(({ length }) => length <= LONGEST_NAME);
    const has = names.length > 0 ? `: ${names.slice(0, MOST_NAMES).join(', ')}` : ' nothing';
    return [`the answer has no ${pointer}; there is${parent && ` at ${parent}`}${has}`];
  });
}

/** A flag may be raised because its call never came to the upstream. */
function uncalled(
  { calls }: Contract,
  findings: readonly Finding[],
  exchanges: readonly JournalEntry[],
  upstreams: SystemSpec['upstreams'],
): string[] {
  return Object.entries(calls)
    .filter(([, { flag }]) => findings.some(({ pointer, got }) => pointer === flag && got === true))
    .filter(([name]) => !exchanges.some(({ call }) => call === name))
    .flatMap(([name]) => {
      const of = Object.keys(upstreams).find((one) => upstreams[one]?.calls[name] !== undefined);
      return of === undefined
        ? []
        : `the service made no call ${of}.${name}: does it ask \${upstream.${of}.url}, and does the path under calls fit?`;
    });
}

const [MOST_NAMES, LONGEST_NAME] = [8, 40];
