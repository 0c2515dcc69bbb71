/** Hides what must not stand in a log: these values, and what looks like a password, a key or a token. */
export function redact(text: string, secrets: readonly string[]): string {
  return hide(text, secrets)
    .replace(JWT, HIDDEN)
    .replace(SCHEME, `$1 ${HIDDEN}`)
    .replace(USER_INFO, `//${HIDDEN}@`)
    .replace(ASSIGNED, `$1${HIDDEN}`);
}

/** Hides these values alone. */
export function hide(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) if (secret !== '') shown = shown.replaceAll(secret, HIDDEN);
  return shown;
}

const HIDDEN = '[hidden]';
const JWT = /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g;
const SCHEME = /\b(Bearer|Basic|Digest)\s+[^\s,"']+/gi;
const USER_INFO = /\/\/[^\s/@]+@/g;
const ASSIGNED =
  /((?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|credential)s?["']?\s*[=:]\s*["']?)[^\s"',;}]+/gi;
