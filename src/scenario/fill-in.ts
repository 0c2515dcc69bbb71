import { invalid } from '../common/errors.ts';
import { below, createProblems } from '../common/problems.ts';
import { interpolate } from './interpolate.ts';

/**
 * Puts a cell's values into a scenario. A step may say what the steps before it capture: that is put in when it is known.
 * @throws {InvalidError} whose paths start at the scenario's root
 */
export function fillIn(
  template: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { steps, ...rest } = template;
  const problems = createProblems();
  const filled = problems.attempt(() => interpolate(rest, values)) as Record<string, unknown>;
  const captured = new Set<string>();
  const list = Array.isArray(steps) ? steps : [];
  const filledSteps = list.map((step: unknown, i) =>
    problems.attempt(() =>
      below(['steps', i], () => {
        const said = interpolate(step, values, captured);
        for (const name of capturedBy(said)) {
          if (Object.hasOwn(values, name))
            throw invalid(['capture', name], `"${name}" is a name of the matrix`);
          captured.add(name);
        }
        return said;
      }),
    ),
  );
  problems.settle();
  // What is no list is told by the scenario's own schema.
  return steps === undefined
    ? filled
    : { ...filled, steps: Array.isArray(steps) ? filledSteps : steps };
}

function capturedBy(step: unknown): string[] {
  const { capture } = (step ?? {}) as { readonly capture?: unknown };
  return typeof capture === 'object' && capture !== null ? Object.keys(capture) : [];
}
