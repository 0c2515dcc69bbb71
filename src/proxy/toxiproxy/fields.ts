import { invalid, type Problem } from '../../common/errors.ts';
import { show } from '../../common/show.ts';

type Path = Problem['path'];

/**
 * The fields of a JSON object that clients of Toxiproxy send: null is as if it were not there, and what is not known is left
 * alone, for they send more than is asked for.
 */
export interface Fields {
  text(key: string): string | undefined;
  flag(key: string): boolean | undefined;
  number(key: string): number | undefined;
  object(key: string): Fields | undefined;
  list(key: string): readonly unknown[] | undefined;
}

/** @throws {InvalidError} from its methods too, whose paths start at `value` */
export function fieldsOf(value: unknown, path: Path = []): Fields {
  if (typeof value !== 'object' || Array.isArray(value))
    throw invalid(path, `expected an object, got ${show(value)}`);
  const read = <T>(
    key: string,
    expected: string,
    fits: (found: unknown) => found is T,
  ): T | undefined => {
    const found: unknown =
      value !== null && Object.hasOwn(value, key) ? (value as Named)[key] : undefined;
    if (found === undefined || found === null) return undefined;
    if (!fits(found)) throw invalid([...path, key], `expected ${expected}, got ${show(found)}`);
    return found;
  };
  return {
    text: (key) => read(key, 'text', (found) => typeof found === 'string'),
    flag: (key) => read(key, 'true or false', (found) => typeof found === 'boolean'),
    number: (key) => read(key, 'a number', (found) => typeof found === 'number'),
    object(key) {
      const found = read(key, 'an object', (found) => isObject(found));
      return found && fieldsOf(found, [...path, key]);
    },
    list: (key) => read(key, 'a list', (found) => Array.isArray(found)),
  };
}

/** Names stand in paths of the API, and in terminals. */
export function checkName(name: string, key: string): void {
  if (NAME.test(name) && name !== '.' && name !== '..') return;
  const message = 'expected 1 to 128 printable ASCII characters without a slash, not . or ..';
  throw invalid([key], `${message}, got ${show(name)}`);
}

type Named = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Named {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NAME = /^[\x20-\x2e\x30-\x7e]{1,128}$/;
