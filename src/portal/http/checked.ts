import { z } from 'zod';
import { didYouMean } from '../../common/suggest.ts';
import { InvalidRequest, MissingParameter } from '../errors/invalid-request.ts';
import type { RequestProblem } from '../errors/problems.ts';

/**
 * A part of a request as its schema has it.
 * @throws {HttpError} 400 that tells of everything that does not fit. It repeats no value: that may be a password.
 */
export function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  place: NonNullable<RequestProblem['in']>,
): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, place, known));
  const [first, ...others] = problems;
  if (first?.type === 'missing' && first.path.length === 1 && others.length === 0) {
    throw new MissingParameter(String(first.path[0]), { problems });
  }
  throw new InvalidRequest(problems);
}

function problemsOf(
  issue: z.core.$ZodIssue,
  place: RequestProblem['in'] & string,
  known: readonly string[],
): RequestProblem[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? key.toString() : key));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      in: place,
      path: [...path, key],
      type: issue.code,
      message: `unknown field${path.length === 0 ? didYouMean(key, known) : ''}`,
    }));
  }
  if (issue.input === undefined && MISSING.has(issue.code)) {
    return [{ in: place, path, type: 'missing', message: 'field required' }];
  }
  return [{ in: place, path, type: issue.code, message: issue.message }];
}

/** What zod says of a value that is not there. */
const MISSING = new Set<string>(['invalid_type', 'invalid_value', 'invalid_union']);
