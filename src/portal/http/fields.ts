import { z } from 'zod';

/** Text that every database keeps exactly as it came, of so many characters (not code units: an emoji counts once). */
export function text(min: number, max: number): z.ZodType<string> {
  return z.string().check(({ value, issues }) => {
    const message = complaint(value, min, max);
    if (message) issues.push({ code: 'custom', input: value, message });
  });
}

/** A whole number, both ends included. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  return z.number().refine((value) => Number.isInteger(value) && value >= min && value <= max, {
    error: `expected a whole number from ${min} to ${max}`,
  });
}

function complaint(value: string, min: number, max: number): string | undefined {
  // PostgreSQL cannot keep a NUL, and UTF-8 has no form for half a pair.
  if (/[\0\p{Surrogate}]/u.test(value)) return 'holds a character that cannot be kept';
  const { length } = Array.from(value);
  if (length === 0 && min > 0) return 'must not be empty';
  if (length < min) return `expected at least ${min} characters, got ${length}`;
  if (length > max) return `expected at most ${max} characters, got ${length}`;
  return undefined;
}
