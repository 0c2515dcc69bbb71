/** Hides these values wherever they stand in a text. Short ones are left: they would be found in every other word. */
export function hide(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) {
    if (secret.length >= SHORTEST_SECRET) shown = shown.replaceAll(secret, '[hidden]');
  }
  return shown;
}

const SHORTEST_SECRET = 6;
