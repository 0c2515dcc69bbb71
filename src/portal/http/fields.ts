import { z } from 'zod';

interface TextRules {
  /** In characters, not code units: an emoji counts once, as it does in databases. */
  readonly min: number;
  readonly max: number;
  /** What is wrong with it is said without showing it. */
  readonly secret?: boolean;
}

/** Text that every database keeps exactly as it came. */
export function text({ min, max, secret = false }: TextRules): z.ZodType<string> {
  return z.string(secret ? { error: withoutShowing } : {}).check(({ value, issues }) => {
    const message = complaint(value, min, max);
    if (message) issues.push({ code: 'custom', input: secret ? undefined : value, message });
  });
}

/** A whole number, both ends included. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  const expected = `a whole number from ${min} to ${max}`;
  return z.number().refine((value) => Number.isInteger(value) && value >= min && value <= max, {
    error: ({ input }) => `expected ${expected}, got ${String(input)}`,
  });
}

function complaint(value: string, min: number, max: number): string | undefined {
  // PostgreSQL cannot keep a NUL, and UTF-8 has no form for half a pair.
  if (/[\0\p{Surrogate}]/u.test(value)) return 'holds a character that cannot be kept';
  const { length } = Array.from(value);
  if (length < min) {
    return min === 1 ? 'must not be empty' : `expected at least ${min} characters, got ${length}`;
  }
  if (length > max) return `expected at most ${max} characters, got ${length}`;
  return undefined;
}

function withoutShowing({ input }: { readonly input?: unknown }): string {
  return input === undefined
    ? 'missing: a value of type string is needed here'
    : 'expected string, got something else';
}
