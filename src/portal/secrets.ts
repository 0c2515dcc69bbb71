import type { Env } from './settings.ts';

/** The values among these variables that nobody else may learn: by the variable's name; of an address its password. */
export function secretsIn(names: readonly string[], env: Env): string[] {
  return names.flatMap((name) => {
    const value = env[name] ?? '';
    if (name.endsWith('KEYS')) return value.split(/[\s,]+/);
    if (/(SECRET|TOKEN|PASSWORD|KEY)$/.test(name)) return [value];
    return passwordsIn(value);
  });
}

/** As it is written, and as it is meant. */
function passwordsIn(address: string): string[] {
  const password = URL.canParse(address) ? new URL(address).password : '';
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

/**
 * Hides these values wherever they stand in a text, as they are or percent-encoded. Those of less than 6 characters are left: they would be
 * found in every other word.
 */
export function createHider(secrets: readonly string[]): (text: string) => string {
  // The longest first, since one may be a part of another.
  const hidden = secrets
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length);
  return (given) => {
    let text = given;
    for (const secret of hidden) if (text.includes(secret)) text = text.replaceAll(secret, HIDDEN);
    return text;
  };
}

/** What stands in a secret's place. */
export const HIDDEN = '[hidden]';

const SHORTEST_SECRET = 6;
