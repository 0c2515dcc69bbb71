import { z } from 'zod';
import { show } from './show.ts';
import { didYouMean } from './suggest.ts';

/** In plain words, what is wrong with a value; undefined where the schema has words of its own. */
export function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(issue.inst);
    return issue.keys.map((key) => `unknown key "${key}"${didYouMean(key, known)}`).join('\n');
  }
  if (issue.code === 'invalid_type') {
    const wanted = withKeys(KINDS[issue.expected] ?? 'a value', issue.inst);
    if (issue.input === undefined) return missing(issue.path, wanted);
    return `expected ${wanted}, got ${show(issue.input)}${quotes(issue.expected, issue.input)}`;
  }
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    if (issue.input === undefined) return missing(issue.path, listed(known));
    return typeof issue.input === 'string'
      ? `unknown value "${issue.input}"${didYouMean(issue.input, known)}`
      : `expected ${listed(known)}, got ${show(issue.input)}`;
  }
  if (issue.code === 'invalid_union') return union(issue);
  if (issue.code === 'too_small' || issue.code === 'too_big') return sized(issue);
  return undefined;
}

/** That a key is not there, and what would stand there: `missing key "flag": text is needed`. */
export function missing(path: readonly PropertyKey[] | undefined, wanted: string): string {
  const key = path?.at(-1);
  if (typeof key !== 'string') return `missing: ${wanted} is needed here`;
  return `missing key "${key}": ${wanted} is needed`;
}

function union({ inst, input, path }: z.core.$ZodRawIssue): string | undefined {
  const options = inst instanceof z.ZodUnion ? inst.options : [];
  const words = options.flatMap((option) =>
    option instanceof z.ZodEnum || option instanceof z.ZodLiteral ? [...wordsOf(option)] : [],
  );
  const kinds = options.flatMap((option) => KINDS[(option as z.ZodType).type] ?? []);
  const wanted = listed([...words, ...new Set(kinds)]);
  if (input === undefined) return missing(path, wanted);
  // A word that is near is what was meant; the list of all says what else may be.
  const hint = typeof input === 'string' ? didYouMean(input, words) : '';
  return `expected ${wanted}, got ${show(input)}${hint.startsWith(',') ? hint : ''}`;
}

function sized(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig>) {
  const few = issue.code === 'too_small';
  const limit = few ? issue.minimum : issue.maximum;
  const what = { array: 'items', string: 'characters', object: 'keys' }[String(issue.origin)];
  if (few && limit === 1 && what !== undefined) return `expected at least one of the ${what}`;
  return `expected at ${few ? 'least' : 'most'} ${limit}${what ? ` ${what}` : ''}, got ${show(issue.input)}`;
}

/** `a, b or c` */
export function listed(words: readonly string[]): string {
  return words.length < 2
    ? (words[0] ?? 'a value')
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function wordsOf(schema: z.ZodEnum | z.ZodLiteral): string[] {
  return (schema instanceof z.ZodEnum ? schema.options : [...schema.values]).map(String);
}

function keysOf(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Of a small object it is told what is in it: who wrote a text in its place sees how it is meant. */
function withKeys(what: string, schema: unknown): string {
  const keys = keysOf(schema).filter((key) => key !== '$schema');
  return keys.length > 0 && keys.length <= MOST_KEYS ? `${what} (${keys.join(', ')})` : what;
}

function quotes(expected: string, input: unknown): string {
  const bare = typeof input === 'number' || typeof input === 'boolean';
  return expected === 'string' && bare ? `: put it in quotes` : '';
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};
const MOST_KEYS = 8;
