import { InvalidError, type Problem } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';

/**
 * Puts values in the place of `${name}` in every text and key of `value`. A text that is one `${name}` alone takes the value
 * with its type.
 * @param later names that are known later: they are left as they stand
 * @throws {InvalidError} for each name that is not among `values`
 */
export function interpolate(
  value: unknown,
  values: Readonly<Record<string, unknown>>,
  later: ReadonlySet<string> = NONE,
): unknown {
  const problems: Problem[] = [];
  let left = MOST_GROWTH;
  const result = walk(value, []);
  if (problems.length > 0) throw new InvalidError(problems);
  return result;

  function walk(part: unknown, path: readonly (string | number)[]): unknown {
    if (typeof part === 'string') return replace(part, path);
    if (Array.isArray(part)) return part.map((item, i) => walk(item, [...path, i]));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, item]) => [
        String(replace(key, [...path, key])),
        walk(item, [...path, key]),
      ]),
    );
  }

  function replace(text: string, path: readonly (string | number)[]): unknown {
    const alone = aloneIn(text);
    if (alone !== undefined && Object.hasOwn(values, alone)) return values[alone];
    return text.replace(VARIABLE, (whole, name: string) => {
      if (Object.hasOwn(values, name)) {
        const put = inText(values[name]);
        const fitted = left >= 0;
        left -= put.length;
        if (left >= 0) return put;
        if (fitted) problems.push({ path, message: `with \${${name}} put in, too large` });
        return '';
      }
      if (later.has(name)) return whole;
      problems.push({
        path,
        message: `unknown \${${name}}${didYouMean(name, [...Object.keys(values), ...later])}`,
      });
      return whole;
    });
  }
}

/** Every name that stands as `${name}` in a text or a key of `value`. */
export function namesIn(value: unknown): ReadonlySet<string> {
  if (typeof value === 'string')
    return new Set([...value.matchAll(VARIABLE)].map(([, name = '']) => name));
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(
    [...Object.keys(value), ...Object.values(value)].flatMap((one) => [...namesIn(one)]),
  );
}

/** How many characters are added to the texts and keys of `value`, each choice of values put in once. */
export function growthOf(
  value: unknown,
  choices: readonly { readonly values: Readonly<Record<string, unknown>> }[],
): number {
  const times = new Map<string, number>();
  const walk = (part: unknown): void => {
    if (typeof part === 'string') {
      // Alone, it is the value itself, however often.
      if (aloneIn(part) !== undefined) return;
      for (const [, name = ''] of part.matchAll(VARIABLE))
        times.set(name, (times.get(name) ?? 0) + 1);
    } else if (typeof part === 'object' && part !== null) {
      for (const [key, one] of Object.entries(part)) [key, one].forEach(walk);
    }
  };
  walk(value);
  return choices
    .flatMap(({ values }) => Object.entries(values))
    .reduce((sum, [name, one]) => sum + (times.get(name) ?? 0) * inText(one).length, 0);
}

/** A list or an object as JSON: it may have a `toString` of its own. */
function inText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}

/** The name in a text that is one `${name}` and nothing else. */
export function aloneIn(text: unknown): string | undefined {
  return typeof text === 'string' ? /^\$\{([^}]+)\}$/.exec(text)?.[1] : undefined;
}

const NONE: ReadonlySet<string> = new Set();
const VARIABLE = /\$\{([^}]+)\}/g;
/** Of characters, in all texts of a value: a variable of variables multiplies. */
const MOST_GROWTH = 1024 ** 2;
