import { z } from 'zod';
import { InvalidError, type Problem } from './errors.ts';
import { didYouMean } from './suggest.ts';

/**
 * Checks a value that people wrote against its schema, and says in plain words what is wrong and where.
 * @throws {InvalidError} with every problem, not only the first
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value, { error: explain });
  if (result.success) return result.data;
  throw new InvalidError(result.error.issues.flatMap(problemsOf));
}

/** Runs `parse` as a part of a schema, so that its problems keep their place below the schema's own path. */
export function parsedBy<T>(parse: (value: unknown) => T): z.ZodType<T> {
  return z.any().transform((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      for (const { path, message, atKey } of error.problems) {
        const params = { atKey };
        context.issues.push({ code: 'custom', input: value, path: [...path], message, params });
      }
      return z.NEVER;
    }
  });
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? key.toString() : key));
  if (issue.code === 'invalid_union') {
    // Of alternatives that want another kind of value nothing need be said.
    const [meant, ...others] = issue.errors.filter((errors) => !errors.some(isAnotherKind));
    if (meant && others.length === 0)
      return meant.flatMap(problemsOf).map((one) => ({ ...one, path: [...path, ...one.path] }));
  }
  if (issue.code !== 'unrecognized_keys') {
    const atKey =
      issue.code === 'invalid_key' || (issue.code === 'custom' && issue.params?.['atKey'] === true);
    return [{ path, message: issue.message, atKey }];
  }
  const messages = issue.message.split('\n');
  return issue.keys.map((key, i) => ({
    path: [...path, key],
    message: messages[i] ?? '',
    atKey: true,
  }));
}

function isAnotherKind({ code, path }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.inst);
    return issue.keys.map((key) => `unknown key "${key}"${didYouMean(key, known)}`).join('\n');
  }
  if (issue.code === 'invalid_key') return issue.issues[0]?.message;
  if (issue.code === 'invalid_type') {
    return issue.input === undefined
      ? `missing: a value of type ${issue.expected} is needed here`
      : `expected ${issue.expected}, got ${show(issue.input)}`;
  }
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    if (issue.input === undefined) return `missing: ${known.join(' or ')} is needed here`;
    return typeof issue.input === 'string'
      ? `unknown value "${issue.input}"${didYouMean(issue.input, known)}`
      : `expected ${known.join(' or ')}, got ${show(issue.input)}`;
  }
  return undefined;
}

/** A value as JSON has it, cut where it is long. */
export function show(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  const text = typeof value === 'number' ? String(value) : (json ?? typeof value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

const LONGEST = 100;
