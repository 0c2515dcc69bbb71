/** What a request's baggage says to brownout, and its head without that. */
export interface Brought {
  /** As it stands on the wire, one character a byte: all else of it as it came. */
  readonly head: string;
  /** The run that the request belongs to. */
  readonly run: string | undefined;
  /** The faults of this one request, still percent-encoded. */
  readonly plan: string | undefined;
}

/** Whether the value of a `baggage` field may have members of ours: what has none is never looked at again. */
export function mayBring(value: string): boolean {
  return value.includes(PREFIX);
}

/**
 * Takes brownout's members (W3C Baggage) out of a whole head: only them, and a field that held nothing else. Of two of one
 * name the last one counts; a run that is not 1 to 128 printable characters is none.
 */
export function takeMembers(head: string): Brought {
  const found = new Map<string, string>();
  const rest = head.replace(FIELD, (line, name: string, value: string) => {
    if (!mayBring(value)) return line;
    const kept = withoutOurs(value, found);
    if (kept === value) return line;
    return kept === '' ? '' : `${name}${kept}\r\n`;
  });
  const run = percentDecoded(found.get('run') ?? '');
  return { head: rest, run: RUN.test(run) ? run : undefined, plan: found.get('plan') };
}

/** Decodes what is percent-encoded; what only looks like it stays. Each character of `text` is a byte. */
export function percentDecoded(text: string): string {
  const bytes = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}

/** The members that are left; empty where there are none. White space around the list belongs to the line, not to a member. */
function withoutOurs(value: string, found: Map<string, string>): string {
  const [from, to] = [pastSpace(value), beforeSpace(value)];
  const members = value.slice(from, to).split(',');
  const kept = members.filter((member) => !take(member, found));
  if (kept.length === members.length) return value;
  const list = kept.join(',');
  // Commas alone say nothing.
  if (ONLY_COMMAS.test(list)) return '';
  const begin = kept[0] === members[0] ? 0 : pastSpace(list);
  const end = kept.at(-1) === members.at(-1) ? list.length : beforeSpace(list);
  return value.slice(0, from) + list.slice(begin, end) + value.slice(to);
}

// Not by a regular expression: one that looks for the last white space takes long where there is much of it.
function pastSpace(text: string): number {
  let at = 0;
  while (isSpace(text[at])) at++;
  return at;
}

function beforeSpace(text: string): number {
  let end = text.length;
  while (isSpace(text[end - 1])) end--;
  return end;
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

/** Notes a member of ours. */
function take(member: string, found: Map<string, string>): boolean {
  // Most are not ours, and of strangers there may be a million.
  if (!mayBring(member)) return false;
  const [, name = '', value] = MEMBER.exec(member) ?? [];
  if (!name.startsWith(PREFIX)) return false;
  if (value !== undefined) found.set(name.slice(PREFIX.length), value.trim());
  return true;
}

const PREFIX = 'brownout.';
/** A line of the head, but never its first: no method has a colon in it. */
const FIELD = /^(baggage:)([^\r\n]*)\r\n/gim;
const ONLY_COMMAS = /^[\t ,]*$/;
/** `key = value;property=1`, white space included. */
const MEMBER = /^[\t ]*([^\t =;]*)[\t ]*(?:=([^;]*))?/;
const RUN = /^[^\p{C}\p{Zl}\p{Zp}\u{FFFD}]{1,128}$/u;
