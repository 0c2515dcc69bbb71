import { z } from 'zod';
import { InvalidError, type Problem } from './errors.ts';
import { explain, missing } from './explain.ts';
import { nearest } from './suggest.ts';

/**
 * Checks a value that people wrote against its schema, and says in plain words what is wrong and where.
 * @throws {InvalidError} with every problem, not only the first
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { error: explain, reportInput: true });
  if (result.success) return result.data;
  const { issues } = result.error;
  throw new InvalidError(issues.filter((one) => !isMisspelt(one, issues)).flatMap(problemsOf));
}

/** Runs `parse` as a part of a schema, so that its problems keep their place below the schema's own path. */
export function parsedBy<T>(parse: (value: unknown) => T): z.ZodType<T> {
  return z.any().transform((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      for (const { path, message, atKey } of error.problems) {
        const params = { atKey, missing: value === undefined };
        context.issues.push({ code: 'custom', input: value, path: [...path], message, params });
      }
      return z.NEVER;
    }
  });
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = pathOf(issue);
  const { message } = issue;
  if (issue.code === 'unrecognized_keys') {
    const messages = message.split('\n');
    return issue.keys.map((key, i) => ({
      path: [...path, key],
      message: messages[i] ?? '',
      atKey: true,
    }));
  }
  if (issue.code === 'invalid_key')
    return [{ path, message: issue.issues[0]?.message ?? message, atKey: true }];
  if (issue.code === 'invalid_union') {
    // What fits one of the alternatives but for something within it was meant to be that one.
    const within = issue.errors.find((errors) => errors.every((one) => one.path.length > 0));
    if (within && within.length > 0)
      return within.flatMap((one) => problemsOf({ ...one, path: [...issue.path, ...one.path] }));
  }
  if (issue.code === 'custom') {
    const { atKey, missing: isMissing } = issue.params ?? {};
    const told = isMissing === true ? missing(path, neededIn(message)) : message;
    return [{ path, message: told, atKey: atKey === true }];
  }
  return [{ path, message, atKey: false }];
}

/** `expected a duration such as 2s, got undefined` says what is needed. */
function neededIn(message: string): string {
  return /^expected (.*?)(, got .*)?$/.exec(message)?.[1] ?? 'a value';
}

/** A key that seems to be missing and is there under a name that is near: the unknown key is told. */
function isMisspelt(issue: z.core.$ZodIssue, all: readonly z.core.$ZodIssue[]): boolean {
  const path = pathOf(issue);
  const key = path.at(-1);
  const isMissing = issue.code === 'custom' ? issue.params?.['missing'] : issue.input === undefined;
  if (isMissing !== true || typeof key !== 'string') return false;
  const parent = JSON.stringify(path.slice(0, -1));
  return all.some(
    (other) =>
      other.code === 'unrecognized_keys' &&
      JSON.stringify(pathOf(other)) === parent &&
      other.keys.some((unknown) => nearest(unknown, [key]) !== undefined),
  );
}

function pathOf({ path }: z.core.$ZodIssue): (string | number)[] {
  return path.map((key) => (typeof key === 'symbol' ? key.toString() : key));
}
