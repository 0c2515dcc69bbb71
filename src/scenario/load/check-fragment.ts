import { dirname } from 'node:path';
import { InvalidError } from '../../common/errors.ts';
import { below, createProblems } from '../../common/problems.ts';
import { validate } from '../../common/validate.ts';
import { located } from '../../common/yaml-file.ts';
import type { Files } from './files.ts';
import { step } from '../format/step.ts';
import { isUse } from './fragments.ts';
import { namesIn } from './interpolate.ts';
import { openExpected } from './open-expected.ts';

/**
 * Checks a fragment, also where nothing uses it: of its steps, those that are whole without values of a scenario.
 * @throws {FileError}
 */
export function checkFragment(file: string, files: Files): void {
  const { yaml, steps } = files.fragment(file);
  const whole = steps.map((one) => (isUse(one) || namesIn(one).size > 0 ? undefined : one));
  const problems = createProblems();
  const opened = problems.attempt(() =>
    openExpected({ steps: whole }, { folderOf: () => dirname(yaml.file) }, files),
  );
  for (const [i, one] of ((opened?.['steps'] ?? []) as unknown[]).entries())
    if (one !== undefined) problems.attempt(() => below(['steps', i], () => validate(step, one)));
  if (problems.all.length > 0) throw located(new InvalidError(problems.all), yaml);
}
