import { z } from 'zod';
import { isDeepStrictEqual } from 'node:util';
import { formatDuration } from '../../common/duration.ts';
import { valueAt } from '../../common/json-pointer.ts';
import { differences } from '../judge/difference.ts';
import { defineExpectation, type Evidence, type Finding } from '../expectation.ts';
import type { CallContract, Contract } from '../format/contract.ts';
import { unknownName } from '../load/named.ts';
import { leaks } from '../judge/leak.ts';

/** The heart: empty data plus an error flag for exactly what is broken, and everything else as when healthy. */
export const degraded = defineExpectation({
  name: 'degraded',
  summary:
    'which calls are broken: exact (those with faults), none, either, or a list; all else is as when healthy',
  schema: z.union([z.enum(['exact', 'none', 'either']), z.array(z.string())]),
  needsContract: true,
  mistakes: (expected, { contract }) =>
    (Array.isArray(expected) ? expected : []).flatMap((call, i) =>
      unknownName('call', call, Object.keys(contract?.calls ?? {}), [i]),
    ),
  check: judgeDegraded,
});

type Expected = 'exact' | 'none' | 'either' | readonly string[];

/** What does not hold of an answer under faults, by its contract. */
export function judgeDegraded(expected: Expected, evidence: Evidence): Finding[] {
  const { contract, answer } = evidence;
  if (!contract) return [];
  if (answer.status !== 200) {
    return [
      { pointer: 'status', expected: 200, got: answer.status ?? answer.problem },
      ...leaks(evidence.never, answer),
      ...late(contract, evidence),
    ];
  }
  const broken = brokenCalls(expected, contract, evidence);
  return [
    ...Object.entries(contract.calls).flatMap(([name, call]) =>
      checkCall(name, call, broken.get(name) ?? 'whole', evidence),
    ),
    ...checkOverall(contract, broken, evidence),
    ...checkRest(contract, broken, evidence),
    ...leaks(evidence.never, answer),
    ...late(contract, evidence),
  ];
}

/** `unknown`: its fault never fired, so nothing of it is judged. `either`: broken or whole, as its own flag says. */
type Fate = 'whole' | 'broken' | 'either' | 'unknown';

function brokenCalls(
  expected: Expected,
  contract: Contract,
  { planned }: Evidence,
): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>();
  for (const name of Object.keys(contract.calls)) {
    const faults = planned.filter(({ calls }) => calls.includes(name));
    if (faults.length > 0 && faults.every(({ fired }) => !fired)) fates.set(name, 'unknown');
    else if (Array.isArray(expected)) fates.set(name, expected.includes(name) ? 'broken' : 'whole');
    else if (faults.length === 0 || expected === 'none') fates.set(name, 'whole');
    else fates.set(name, expected === 'either' ? 'either' : 'broken');
  }
  return fates;
}

function checkCall(name: string, call: CallContract, fate: Fate, evidence: Evidence): Finding[] {
  if (fate === 'unknown') return [];
  const { json } = evidence.answer;
  const flag = valueAt(json, call.flag);
  const broken = fate === 'broken' || (fate === 'either' && flag === true);
  const findings: Finding[] = [];
  if (flag !== broken) findings.push({ pointer: call.flag, expected: broken, got: flag });
  const data = valueAt(json, call.data);
  if (broken && !isDeepStrictEqual(data, call.empty)) {
    findings.push({ pointer: call.data, expected: call.empty, got: data });
  }
  return [...findings, ...checkAttempts(name, call, evidence)];
}

function checkAttempts(
  name: string,
  { attempts }: CallContract,
  { planned, exchanges, amongOthers }: Evidence,
): Finding[] {
  const unknowable = planned.some(
    ({ calls, onConnections }) => onConnections && calls.includes(name),
  );
  if (!attempts || unknowable || amongOthers) return [];
  const got = exchanges.filter(({ call }) => call === name).length;
  const { min = 0, max = Infinity } = attempts;
  return got >= min && got <= max ? [] : [{ pointer: `calls of ${name}`, expected: attempts, got }];
}

function checkOverall(
  contract: Contract,
  fates: ReadonlyMap<string, Fate>,
  { answer }: Evidence,
): Finding[] {
  const { overall } = contract;
  if (!overall || [...fates.values()].includes('unknown')) return [];
  const expected = Object.entries(contract.calls).some(
    ([name, { flag }]) =>
      fates.get(name) === 'broken' ||
      (fates.get(name) === 'either' && valueAt(answer.json, flag) === true),
  );
  const got = valueAt(answer.json, overall.flag);
  return got === expected ? [] : [{ pointer: overall.flag, expected, got }];
}

/** What has no broken call in it equals the baseline. */
function checkRest(
  contract: Contract,
  fates: ReadonlyMap<string, Fate>,
  evidence: Evidence,
): Finding[] {
  const { answer, baseline, judgedByBody } = evidence;
  const ignored = Object.entries(contract.calls).flatMap(([name, { part, data, flag }]) => {
    const fate = fates.get(name);
    const compared =
      fate === 'whole' || (fate === 'either' && valueAt(answer.json, flag) === false);
    return compared ? [flag] : [part, data, flag];
  });
  if (contract.overall) ignored.push(contract.overall.flag);
  ignored.push(...contract.volatile, ...judgedByBody);
  return differences(baseline?.json, answer.json, new Set(ignored));
}

function late({ budget }: Contract, { answer }: Evidence): Finding[] {
  if (answer.durationMs <= budget.degraded) return [];
  const expected = `at most ${formatDuration(budget.degraded)}`;
  return [{ pointer: 'time', expected, got: formatDuration(answer.durationMs) }];
}
