/**
 * What a Prefer header states (RFC 7240), by preference: names in lower case, of a repeated one the first, of no value ''.
 * Parameters are passed over. Nobody must honour a preference: where the header cannot be read on, the rest of it states nothing.
 */
export function readPreferences(header: string): ReadonlyMap<string, string> {
  const stated = new Map<string, string>();
  let at = 0;
  while (at < header.length) {
    take(BETWEEN);
    const preference = takePair();
    if (!preference) break;
    while (take(SEMICOLON)) takePair();
    if (at < header.length && header[at] !== ',') break;
    const [name, value] = preference;
    if (!stated.has(name)) stated.set(name, value);
  }
  return stated;

  function takePair(): readonly [name: string, value: string] | undefined {
    const name = take(TOKEN)?.toLowerCase();
    if (name === undefined) return undefined;
    const value = take(EQUALS) ? (take(TOKEN) ?? takeQuoted()) : '';
    take(SPACE);
    return [name, value];
  }

  /** What stands here in quotes, or nothing. By hand: a pattern needs a stack as deep as the text is long. */
  function takeQuoted(): string {
    let text = '';
    for (let i = at + 1; header[at] === '"' && i < header.length; i++) {
      if (header[i] === '"') {
        at = i + 1;
        return text;
      }
      if (header[i] === '\\') i++;
      text += header[i] ?? '';
    }
    return '';
  }

  /** Moves on over what stands here in this form. Each form is tried once at a place: no header takes long, however it is made. */
  function take(form: RegExp): string | undefined {
    form.lastIndex = at;
    const [taken] = form.exec(header) ?? [];
    if (taken !== undefined) at = form.lastIndex;
    return taken;
  }
}

const TOKEN = /[\w!#$%&'*+.^`|~-]+/y;
const SPACE = /[\t ]*/y;
const EQUALS = /[\t ]*=[\t ]*/y;
const SEMICOLON = /[\t ]*;[\t ]*/y;
const BETWEEN = /[\t ,]*/y;
