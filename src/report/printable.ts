/**
 * `text` on one line, with whatever could move a cursor, colour a terminal or turn the direction of writing made visible:
 * an answer under test is not trusted to hold only letters.
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, escapeUnit);
}

/** A UTF-16 unit as JSON escapes it: `\u001b`. */
export function escapeUnit(unit: string): string {
  return SHORT[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const UNSEEN = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
