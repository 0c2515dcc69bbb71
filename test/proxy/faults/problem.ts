import { InvalidError } from '../../../src/common/errors.ts';
import type { Rig } from '../rig.ts';

/** What is said of a rule that is not taken; empty where it was. */
export async function problemOf({ control }: Rig, rule: unknown): Promise<string> {
  try {
    await control.add([rule]);
    return '';
  } catch (error) {
    if (error instanceof InvalidError)
      return error.problems.map(({ message }) => message).join('\n');
    throw error;
  }
}
