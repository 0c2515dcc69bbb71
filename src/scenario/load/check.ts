import { formatDuration } from '../../common/duration.ts';
import { InvalidError, type Problem } from '../../common/errors.ts';
import type { SystemSpec } from '../../system/spec.ts';
import type { Contract } from '../format/contract.ts';
import type { ScenarioSpec } from '../format/scenario.ts';
import { SECTIONS } from './fill-in.ts';
import { mistakesOf } from './mistakes.ts';
import { EXPECTATIONS } from '../format/expect.ts';
import { namesOf, unknownIdentity } from './named.ts';
import type { Named, Step } from '../step.ts';
import { sendContract } from '../steps/send.ts';
import { TIMEOUT_MS } from '../run/timeout.ts';
import type { SuiteRule } from '../suite.ts';

/**
 * Checks what a scenario says against its system and contract: names that exist, expectations that can be judged.
 * @throws {InvalidError} whose paths start at the scenario's root
 */
export function checkScenario(
  spec: ScenarioSpec,
  system: SystemSpec,
  contract: Contract | undefined,
): void {
  const problems: Problem[] = [];
  const report = (path: Problem['path'], message: string) => void problems.push({ path, message });
  const named = { system, contract };
  for (const section of SECTIONS) {
    for (const [i, step] of (spec[section] ?? []).entries()) {
      for (const { path, message } of step.mistakes?.(named) ?? [])
        report([section, i, ...path], message);
      if (step.injects && section !== 'steps')
        report([section, i], `${section} breaks nothing: put this among the steps`);
    }
  }
  if (spec.steps) {
    if (Object.keys(spec.expect).length > 0)
      report(['expect'], 'with steps, say in each step what is expected');
    if (!spec.during && !spec.steps.some(judges))
      report(['steps'], 'no step says what is expected: nothing would be judged');
  } else if (contract) {
    problems.push(...mistakesOf(spec.expect, named, true));
  } else {
    report(['use'], 'nothing to send: use a contract, or say steps');
  }
  problems.push(...loadMistakes(spec, named));
  // Told only when all else is right: a misspelt step may be the one that was to inject.
  if (
    problems.length === 0 &&
    spec.faults.length === 0 &&
    !spec.steps?.some((step) => step.injects)
  ) {
    const message = 'this scenario injects nothing: add faults:, or a stop or pause step';
    problems.push({ path: ['scenario'], message, atKey: true });
  }
  if (problems.length > 0) throw new InvalidError(problems);
}

/**
 * Checks that what is broken is judged: a call that the contract does not name could show its failure and nobody would look.
 * @throws {InvalidError} whose paths start at the scenario's root
 */
export function checkJudged(
  faults: readonly SuiteRule[],
  spec: ScenarioSpec,
  system: SystemSpec,
  contract: Contract | undefined,
): void {
  const sent = stepsOf(spec).flatMap(({ sends }) => sends ?? []);
  const exact = sent.some(({ expect }) => expect['degraded'] === 'exact');
  if (!contract || !exact) return;
  const problems = faults.flatMap(({ planned: { call, upstream } }, i): Problem[] => {
    const calls = call === undefined ? (namesOf(system)[upstream]?.calls ?? []) : [call];
    if (calls.some((name) => Object.hasOwn(contract.calls, name))) return [];
    const what = call === undefined ? `no call of "${upstream}" is` : `"${call}" is not`;
    const message = `${what} named by the contract "${contract.contract}", so nothing would be judged of it: add it under the contract’s calls, or say degraded: none`;
    return [{ path: ['faults', i, 'on'], message }];
  });
  if (problems.length > 0) throw new InvalidError(problems);
}

/** What a scenario does: without steps of its own it sends its contract's request. */
export function stepsOf({ steps, expect }: ScenarioSpec): readonly Step[] {
  return steps ?? [sendContract(expect)];
}

/** What is wrong with a load, and what cannot be judged beside one. */
function loadMistakes(
  { during, steps, expect, timeout = TIMEOUT_MS }: ScenarioSpec,
  { system, contract }: Named,
): Problem[] {
  if (!during) return [];
  const { get, as } = during.load;
  const at = ['during', 'load'];
  const request =
    get !== undefined
      ? unknownIdentity(as, system, [...at, 'as'])
      : as !== undefined
        ? [{ path: [...at, 'as'], message: 'this is for a path of its own: say get, too' }]
        : contract
          ? []
          : [{ path: at, message: 'nothing to send: say get, or use a contract' }];
  const sent = steps
    ? steps.map(({ sends }, i) => ({ path: ['steps', i], expect: sends?.expect ?? {} }))
    : [{ path: [], expect }];
  const others = sent.flatMap(({ path, expect }) =>
    Object.keys(expect)
      .filter((name) => EXPECTATIONS.get(name)?.noOthers)
      .map((name) => ({
        path: [...path, 'expect', name],
        message: `${name} cannot be judged beside a load, whose requests do the same`,
        atKey: true,
      })),
  );
  const left = timeout - during.load.for;
  const message = `a cell may take ${formatDuration(timeout)}, so that this cannot end: say a longer timeout`;
  const endless = left > 0 ? [] : [{ path: [...at, 'for'], message }];
  return [...request, ...endless, ...others];
}

function judges({ sends }: Step): boolean {
  return sends !== undefined && Object.keys(sends.expect).length > 0;
}
