/**
 * The text at `field` (`status.message`) of an error's body; undefined where there is none. Nothing else of a body is ever
 * passed on: whole bodies hold stacks, HTML and internals.
 */
export function messageAt(body: unknown, field: string | undefined): string | undefined {
  const message = valueAt(body, field);
  return typeof message === 'string' ? plain(message, MOST_CHARACTERS) : undefined;
}

/** The code at `field` (`status.code`) of an error's body, which may be a number there; undefined where there is none. */
export function codeAt(body: unknown, field: string | undefined): string | undefined {
  const code = valueAt(body, field);
  return typeof code === 'string' || typeof code === 'number'
    ? plain(String(code), LONGEST_CODE)
    : undefined;
}

function valueAt(body: unknown, field: string | undefined): unknown {
  if (field === undefined || !Buffer.isBuffer(body)) return undefined;
  let at: unknown;
  try {
    at = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  for (const key of field.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** The beginning of an error's body, for the log, where it is a text that people read. */
export function textOf(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  const text = body
    .subarray(0, MOST_LOGGED * 4)
    .toString('utf8')
    .trimStart();
  // A page for browsers says nothing in its first lines.
  return text.startsWith('<') ? undefined : plain(text, MOST_LOGGED);
}

/** Without control characters, and undefined when nothing is left: a line feed would forge a line of a log. */
function plain(text: string, most: number): string | undefined {
  const line = text.replace(CONTROL, ' ').trim();
  if (line === '') return undefined;
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

// Also the marks that turn the direction of text, which can make a message read as another.
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const MOST_CHARACTERS = 1000;
const MOST_LOGGED = 300;
const LONGEST_CODE = 100;
