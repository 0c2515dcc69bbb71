import { invalid } from '../../common/errors.ts';
import { below, createProblems } from '../../common/problems.ts';
import { didYouMean } from '../../common/suggest.ts';
import { FAULTS, parseRule } from '../../proxy/catalogue.ts';
import type { SystemSpec } from '../../system/spec.ts';
import { namesOf } from './named.ts';
import type { SuiteRule } from '../suite.ts';

/**
 * What the faults of a scenario mean. A text alone is the name of a preset, of the scenario's own or of its system.
 * @param scenario as it was written, the values of a cell put in
 * @throws {InvalidError} whose paths start at the scenario's root
 */
export function planFaults(scenario: Readonly<Record<string, unknown>>, system: SystemSpec) {
  const { faults, presets } = scenario;
  const problems = createProblems();
  const own = problems.attempt(() => {
    const planned = planPresets(presets, system);
    for (const name of Object.keys(planned))
      if (Object.hasOwn(system.presets ?? {}, name))
        throw invalid(['presets', name], `"${name}" is a preset of the system already`);
    return planned;
  });
  // What is no list is told by the file's own schema; a preset that is wrong, where it stands.
  if (!Array.isArray(faults) || !own) {
    problems.settle();
    return [];
  }
  const planned = faults.flatMap((written: unknown, i): SuiteRule[] => {
    const rule = problems.attempt(() =>
      below(['faults', i], () =>
        typeof written === 'string' ? presetOf(written, own, system) : plan(written, system),
      ),
    );
    return rule ? [rule] : [];
  });
  problems.settle();
  return planned;
}

/**
 * What presets mean, by their names.
 * @throws {InvalidError} whose paths start above `presets`
 */
export function planPresets(presets: unknown, system: SystemSpec): Record<string, SuiteRule> {
  const problems = createProblems();
  // What is no map is told by the file's own schema.
  const all = Array.isArray(presets) ? {} : (Object(presets) as object);
  const planned = Object.entries(all).flatMap(([name, written]) => {
    const rule = problems.attempt(() => below(['presets', name], () => plan(written, system)));
    return rule ? [[name, rule] as const] : [];
  });
  problems.settle();
  return Object.fromEntries(planned);
}

function plan(written: unknown, system: SystemSpec): SuiteRule {
  return { written, planned: parseRule(written, namesOf(system)) };
}

function presetOf(
  name: string,
  own: Readonly<Record<string, SuiteRule>>,
  system: SystemSpec,
): SuiteRule {
  if (Object.hasOwn(own, name) && own[name]) return own[name];
  const { presets = {} } = system;
  if (Object.hasOwn(presets, name)) return plan(presets[name], system);
  if (FAULTS.has(name)) {
    const message = `"${name}" is a fault, and no preset: say what it breaks, { on: ${Object.keys(system.upstreams)[0] ?? 'stats'}, inject: ${name} }`;
    throw invalid([], message);
  }
  const names = [...Object.keys(own), ...Object.keys(presets)];
  const hint = names.length > 0 ? didYouMean(name, names) : ': there are no presets';
  throw invalid([], `unknown preset "${name}"${hint}`);
}
