import { invalid } from '../../common/errors.ts';
import { below, createProblems } from '../../common/problems.ts';
import { interpolate } from './interpolate.ts';

/** Where a scenario has steps, in the order in which they are done. */
export const SECTIONS = ['setup', 'steps', 'teardown'] as const;
export type Section = (typeof SECTIONS)[number];

/**
 * Puts a cell's values into a scenario. A step may say what the steps before it capture: that is put in when it is known.
 * @throws {InvalidError} whose paths start at the scenario's root
 */
export function fillIn(
  template: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const problems = createProblems();
  const captured = new Set<string>();
  const filled = new Map<string, unknown>();
  // What is no list is told by the scenario's own schema.
  const sections = SECTIONS.filter((section) => Array.isArray(template[section]));
  for (const section of sections) {
    const steps = template[section] as unknown[];
    filled.set(
      section,
      steps.map((step, i) =>
        problems.attempt(() => below([section, i], () => fillInStep(step, values, captured))),
      ),
    );
  }
  const rest = Object.entries(template).filter(([key]) => !filled.has(key));
  const all = problems.attempt(() => interpolate(Object.fromEntries(rest), values));
  problems.settle();
  return { ...(all as Record<string, unknown>), ...Object.fromEntries(filled) };
}

/** Adds to `captured` what the step captures. */
function fillInStep(
  step: unknown,
  values: Readonly<Record<string, unknown>>,
  captured: Set<string>,
): unknown {
  const said = interpolate(step, values, captured);
  for (const name of capturedBy(said)) {
    if (Object.hasOwn(values, name))
      throw invalid(['capture', name], `"${name}" is a name of the matrix`);
    captured.add(name);
  }
  return said;
}

function capturedBy(step: unknown): string[] {
  const { capture } = (step ?? {}) as { readonly capture?: unknown };
  return typeof capture === 'object' && capture !== null ? Object.keys(capture) : [];
}
