import { BrownoutError, messageOf } from '../common/errors.ts';
import { parseDuration } from '../common/duration.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** One thing that the portal can be told by an environment variable. */
export interface Setting<T> {
  /** @throws {Error} with a message that says what was expected */
  readonly parse: (text: string) => T;
  /** What stands for an absent variable, as a person would write it. */
  readonly fallback: string;
  /** For `brownout portal --help`: a phrase, lower case. */
  readonly about: string;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export function setting<T>(
  parse: (text: string) => T,
  fallback: string,
  about: string,
): Setting<T> {
  return { parse, fallback, about };
}

/** Of a setting that may be absent. */
export function optional<T>(parse: (text: string) => T): (text: string) => T | undefined {
  return (text) => (text === '' ? undefined : parse(text));
}

/**
 * Reads settings from environment variables of their names; an empty variable counts as absent.
 * @throws {BrownoutError} `invalid_config`, naming the variable
 */
export function readSettings<S extends Settings>(settings: S, env: Env): Values<S> {
  const values = Object.entries(settings).map(([name, { parse, fallback }]) => {
    try {
      return [name, parse(env[name] || fallback)];
    } catch (error) {
      throw new BrownoutError('invalid_config', `${name}: ${messageOf(error)}`, { cause: error });
    }
  });
  return Object.fromEntries(values) as Values<S>;
}

/** `http://host:port/path`, without a slash at the end. */
export function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(`expected a URL such as http://127.0.0.1:5000, got ${quote(text)}`);
  }
  // What stands here is written to the log with every failed call: it must not be able to hold a secret.
  if (url.username || url.password || url.search || url.hash) {
    throw new RangeError('expected a URL without user, password, query and fragment');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** Milliseconds that a timer can wait. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms < 1 || ms > MAX_TIMER_MS) throw new RangeError(`expected 1ms to 24 days, got ${text}`);
  return ms;
}

export function count(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new RangeError(`expected a whole number from ${min} to ${max}, got ${quote(text)}`);
  };
}

/** `20/s`, `100/2m` */
export function rate(text: string): { readonly count: number; readonly perMs: number } {
  const [, most, every = ''] = /^(\d+)\/(.+)$/.exec(text) ?? [];
  if (most === undefined) throw new RangeError(`expected a rate such as 20/s, got ${text}`);
  const perMs = duration(/^\d/.test(every) ? every : `1${every}`);
  return { count: count(1, 1_000_000)(most), perMs };
}

/** `50%` is 0.5. */
export function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const value = match ? Number(match[1]) / 100 : NaN;
  if (value > 0 && value < 1) return value;
  throw new RangeError(`expected a percentage between 0% and 100%, got ${quote(text)}`);
}

export function oneOf<T extends string>(known: readonly T[]): (text: string) => T {
  return (text) => {
    const found = known.find((one) => one === text);
    if (found !== undefined) return found;
    throw new RangeError(`expected ${known.join(', ')}, got ${quote(text)}`);
  };
}

export function onOrOff(text: string): boolean {
  return oneOf(['on', 'off'])(text) === 'on';
}

function quote(text: string): string {
  return JSON.stringify(text);
}

// Node fires a timer at once when its delay does not fit 31 bits.
const MAX_TIMER_MS = 2 ** 31 - 1;
