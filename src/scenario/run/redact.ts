import { BrownoutError, messageOf } from '../../common/errors.ts';
import type { SystemSpec } from '../../system/spec.ts';
import { OUR_WORDS } from './our-words.ts';

/** Takes secrets out of everything that leaves the runner: results, and so every report and log. */
export interface Redactor {
  /** Learns a text that must not be shown. */
  add(secret: string): void;
  /** The same value with every secret in its texts replaced. */
  redact<T>(value: T): T;
}

/** Knows the secrets it was told, and whatever looks like a JSON Web Token. */
export function createRedactor(): Redactor {
  const secrets = new Set<string>();
  const clean = (text: string) => {
    if (OUR_WORDS.has(text)) return text;
    let result = text.replaceAll(JSON_WEB_TOKEN, HIDDEN).replaceAll(IN_A_QUERY, `$1${HIDDEN}`);
    for (const secret of secrets) result = withoutCut(result.replaceAll(secret, HIDDEN), secret);
    return result;
  };
  /** @param theirs whether it is of the service: numbers are ours elsewhere, such as a line that is 1234 */
  const walk = (value: unknown, theirs = false): unknown => {
    if (typeof value === 'string') return clean(value);
    if (typeof value === 'number') return theirs && secrets.has(String(value)) ? HIDDEN : value;
    if (Array.isArray(value)) return value.map((item) => walk(item, theirs));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => {
        const hidden = isSecretName(name) && typeof part === 'string' && part !== '';
        return [clean(name), hidden ? HIDDEN : walk(part, theirs || OF_THE_SERVICE.has(name))];
      }),
    );
  };
  return {
    add(secret) {
      for (const written of waysToWrite(secret)) {
        // A very short text would be taken out of half the report, and is no secret.
        if (written.length >= SHORTEST) secrets.add(written);
      }
    },
    redact: <T>(value: T) => walk(value) as T,
  };
}

/** The same error; where it tells a secret, another one that does not. */
export function redactedError(error: unknown, { redact }: Pick<Redactor, 'redact'>): unknown {
  const message = redact(messageOf(error));
  if (message === messageOf(error)) return error;
  return new BrownoutError(error instanceof BrownoutError ? error.code : 'run_failed', message);
}

/** A secret stands in JSON and in a URL with some of its letters written otherwise, and one of many lines may stand in many. */
function waysToWrite(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE);
  const each = lines.length > 1 ? [secret, ...lines] : [secret, secret.trim()];
  return each.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), inUrl(text)]);
}

function inUrl(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half of a pair of code units has no form there.
    return text;
  }
}

/** A long text is cut before it comes here, maybe in the middle of a secret. */
function withoutCut(text: string, secret: string): string {
  const marks = text.includes('…') ? [...text.matchAll(/…/g)].map(({ index }) => index) : [];
  const ends = text.length >= SHORTEST_TO_BE_CUT ? [...marks, text.length] : marks;
  // From the last on, so that the others stay where they are.
  return ends.reduceRight((result, end) => {
    const length = lengthOfCut(result, end, secret);
    return length === 0 ? result : result.slice(0, end - length) + HIDDEN + result.slice(end);
  }, text);
}

/** Of the beginning of the secret that stands before `end`. */
function lengthOfCut(text: string, end: number, secret: string): number {
  for (let length = Math.min(secret.length - 1, end); length >= SHORTEST_CUT; length--) {
    const same = text[end - 1] === secret[length - 1];
    if (same && text.endsWith(secret.slice(0, length), end)) return length;
  }
  return 0;
}

/** Headers and fields whose values nobody should see. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The texts that stand under a secret name anywhere in a value: a password in what is sent to log in. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    typeof part === 'string' ? (isSecretName(name) ? [part] : []) : secretsIn(part),
  );
}

/** What is known to be secret of a system before anything was sent. */
export function secretsOf(
  { secrets, identities }: Pick<SystemSpec, 'secrets' | 'identities'>,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const named = secrets.map((name) => env[name] ?? '');
  return [...named, ...Object.values(identities).flatMap(({ json }) => secretsIn(json))];
}

/** Where a result holds what a service said, or was to say. */
const OF_THE_SERVICE: ReadonlySet<string> = new Set(['expected', 'got']);
const HIDDEN = '[redacted]';
const SHORTEST = 4;
/** Of many: `{` is no secret. */
const SHORTEST_LINE = 12;
const SHORTEST_CUT = 6;
const SHORTEST_TO_BE_CUT = 200;
const SECRET_NAME = /^(.*[-_])?(password|passwd|secret|token|authorization|cookie|api[-_]?key)$/i;
const IN_A_QUERY = /([?&](?:[\w-]*[-_])?(?:password|secret|token|api[-_]?key)=)[^&\s'"]+/gi;
/** Also the beginning of one: an excerpt may end within it. */
const JSON_WEB_TOKEN = /\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g;
