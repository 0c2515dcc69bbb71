import { formatDuration } from '../../common/duration.ts';
import { valueAt } from '../../common/json-pointer.ts';
import type { Instance } from '../../system/system.ts';
import { differences } from '../judge/difference.ts';
import type { Finding } from '../expectation.ts';
import type { Contract } from '../format/contract.ts';
import { interpolate } from '../load/interpolate.ts';
import { leaks } from '../judge/leak.ts';
import type { Answer } from '../requests/request.ts';

/** What is wrong with an answer that should be healthy: its status, its flags, leaks, and its time. */
export function unhealthy(contract: Contract, answer: Answer, instance: Instance): Finding[] {
  if (answer.status === null || answer.status < 200 || answer.status > 299) {
    return [{ pointer: 'status', expected: '2xx', got: answer.status ?? answer.problem }];
  }
  if (answer.json === undefined) {
    return [
      { pointer: 'body', expected: 'JSON', got: answer.problem ?? answer.body.slice(0, SHOWN) },
    ];
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

const SHOWN = 200;
