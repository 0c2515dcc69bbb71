import type { SystemSpec } from '../system/spec.ts';

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
    let result = text.replaceAll(JSON_WEB_TOKEN, HIDDEN).replaceAll(IN_A_QUERY, `$1${HIDDEN}`);
    for (const secret of secrets) result = result.replaceAll(secret, HIDDEN);
    return result;
  };
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return clean(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => {
        const hidden = isSecretName(name) && typeof part === 'string' && part !== '';
        return [clean(name), hidden ? HIDDEN : walk(part)];
      }),
    );
  };
  return {
    add(secret) {
      // A very short text would be taken out of half the report, and is no secret.
      if (secret.length >= SHORTEST) secrets.add(secret);
    },
    redact: <T>(value: T) => walk(value) as T,
  };
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

const HIDDEN = '[redacted]';
const SHORTEST = 4;
const SECRET_NAME = /^(.*[-_])?(password|passwd|secret|token|authorization|cookie|api[-_]?key)$/i;
const IN_A_QUERY = /([?&](?:[\w-]*[-_])?(?:password|secret|token|api[-_]?key)=)[^&\s'"]+/gi;
/** Also the beginning of one: an excerpt may end within it. */
const JSON_WEB_TOKEN = /\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g;
