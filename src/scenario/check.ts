import { InvalidError, type Problem } from '../common/errors.ts';
import { below, createProblems } from '../common/problems.ts';
import { didYouMean } from '../common/suggest.ts';
import { parseRule, type UpstreamNames } from '../proxy/catalogue.ts';
import type { SystemSpec } from '../system/spec.ts';
import type { Contract } from './format/contract.ts';
import { EXPECTATIONS, type Expect } from './format/expect.ts';
import type { ScenarioSpec } from './format/scenario.ts';
import type { Step } from './format/step.ts';
import { usesMatcher } from './matcher.ts';
import type { SuiteRule } from './suite.ts';

type Path = readonly (string | number)[];

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
  const report = (path: Path, message: string) => void problems.push({ path, message });
  const known = { system, contract, report };
  if (spec.steps) {
    if (Object.keys(spec.expect).length > 0)
      report(['expect'], 'with steps, say in each step what is expected');
    for (const [i, step] of spec.steps.entries()) checkStep(step, ['steps', i], known);
    if (!contract && !spec.steps.some(judges))
      report(['steps'], 'no step says what is expected: nothing would be judged');
  } else if (contract) {
    checkExpect(spec.expect, ['expect'], true, known);
  } else {
    report(['use'], 'nothing to send: use a contract, or say steps');
  }
  // Told only when all else is right: a misspelt step may be the one that was to inject.
  if (problems.length === 0 && spec.faults.length === 0 && !spec.steps?.some(injects)) {
    const message = 'this scenario injects nothing: add faults:, or a stop or pause step';
    problems.push({ path: ['scenario'], message, atKey: true });
  }
  if (problems.length > 0) throw new InvalidError(problems);
}

/** @throws {InvalidError} whose paths start at the scenario's root */
export function planFaults(faults: unknown, system: SystemSpec): SuiteRule[] {
  // What is no list is told by the file's own schema.
  if (!Array.isArray(faults)) return [];
  const problems = createProblems();
  const planned = faults.flatMap((written: unknown, i) => {
    const rule = problems.attempt(() =>
      below(['faults', i], () => parseRule(written, namesOf(system))),
    );
    return rule ? [{ written, planned: rule }] : [];
  });
  problems.settle();
  return planned;
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
  const sent = (spec.steps ?? [{ kind: 'send', expect: spec.expect } as const]).filter(
    ({ kind }) => kind === 'send',
  ) as readonly { readonly expect: Expect }[];
  const exact = sent.some(({ expect }) => (expect['degraded'] ?? 'exact') === 'exact');
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

/** The upstreams of a system and their calls, as rules name them. */
export function namesOf({ upstreams }: SystemSpec): UpstreamNames {
  return Object.fromEntries(
    Object.entries(upstreams).map(([name, { protocol, tls, calls }]) => [
      name,
      { protocol, tls, calls: Object.keys(calls) },
    ]),
  );
}

interface Known {
  readonly system: SystemSpec;
  readonly contract: Contract | undefined;
  readonly report: (path: Path, message: string) => void;
}

function checkStep(step: Step, path: Path, known: Known): void {
  const { system, contract, report } = known;
  switch (step.kind) {
    case 'request':
      if (step.as !== undefined)
        oneOf(step.as, Object.keys(system.identities), [...path, 'as'], 'identity', known);
      return checkExpect(step.expect, [...path, 'expect'], false, known);
    case 'send':
      if (!contract) return report([...path, 'send'], 'this scenario uses no contract');
      oneOf(step.contract, [contract.contract], [...path, 'send'], 'contract', known);
      return checkExpect(step.expect, [...path, 'expect'], true, known);
    case 'stop':
    case 'start':
    case 'pause':
    case 'resume':
      return oneOf(
        step.upstream,
        Object.keys(system.upstreams),
        [...path, step.kind],
        'upstream',
        known,
      );
    case 'wait':
    case 'clear':
      return undefined;
  }
}

function injects({ kind }: Step): boolean {
  return kind === 'stop' || kind === 'pause';
}

function judges(step: Step): boolean {
  return 'expect' in step && Object.keys(step.expect).length > 0;
}

function checkExpect(expect: Expect, path: Path, ofContract: boolean, known: Known): void {
  const { system, contract, report } = known;
  for (const name of Object.keys(expect)) {
    if (EXPECTATIONS.get(name)?.needsContract && !ofContract) {
      report(
        [...path, name],
        `${name} is judged against a contract: use a "send" step for its request`,
      );
    }
  }
  const { degraded, upstream, body, headers } = expect;
  if (!ofContract) {
    for (const [name, wanted] of Object.entries({ body, headers })) {
      for (const [at, one] of Object.entries((wanted as object | undefined) ?? {}))
        if (usesMatcher(one, 'matches-baseline'))
          report([...path, name, at], 'only the request of a contract has a baseline: use "send"');
    }
  }
  if (Array.isArray(degraded)) {
    const calls = Object.keys(contract?.calls ?? {});
    for (const [i, call] of degraded.entries())
      oneOf(String(call), calls, [...path, 'degraded', i], 'call', known);
  }
  if (typeof upstream === 'object' && upstream !== null) {
    const calls = Object.values(namesOf(system)).flatMap(({ calls }) => calls);
    for (const call of Object.keys(upstream))
      oneOf(call, calls, [...path, 'upstream', call], 'call', known);
  }
}

function oneOf(
  name: string,
  all: readonly string[],
  path: Path,
  what: string,
  { report }: Known,
): void {
  if (!all.includes(name)) report(path, `unknown ${what} "${name}"${didYouMean(name, all)}`);
}
