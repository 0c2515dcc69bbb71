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
