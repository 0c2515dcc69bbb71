import type { Problem } from '../../common/errors.ts';

/**
 * What is wrong with a JSON text, if anything is: its syntax, or what `JSON.parse` would pass over in silence (a key that
 * is there twice, `__proto__`, a number that is none any more) or break on (a depth that is its sender's choice).
 */
export function findFlaw(text: string, deepest: number): Problem | undefined {
  const holders: Holder[] = [];
  let at = 0;
  let wants: Want = 'value';

  for (;;) {
    at = match(SPACE, text, at) ?? at;
    const char = text[at];
    const holder = holders.at(-1);
    if (wants === 'after' && !holder) return char === undefined ? undefined : syntax('its end');
    if (wants === 'value' || wants === 'first') {
      if (char === '{' || char === '[') {
        if (holders.length >= deepest) return flaw(`nested deeper than ${deepest} levels`);
        holders.push(char === '{' ? { keys: new Set(), at: '' } : { keys: undefined, at: 0 });
        wants = char === '{' ? 'first key' : 'first';
        at++;
      } else if (char === ']' && wants === 'first') close();
      else {
        const end = char === '"' ? stringEnd(text, at) : match(WORD, text, at);
        if (end === undefined) return syntax(char === '"' ? 'a string that is whole' : 'a value');
        const written = text.slice(at, end);
        if (char !== '"' && Math.abs(Number(written)) === Infinity)
          return flaw(`${written} is too large`);
        at = end;
        wants = 'after';
      }
    } else if (wants === 'key' || wants === 'first key') {
      if (char === '}' && wants === 'first key') close();
      else {
        const end = char === '"' ? stringEnd(text, at) : undefined;
        if (end === undefined || !holder?.keys) return syntax('a key in double quotes');
        const key = JSON.parse(text.slice(at, end)) as string;
        holder.at = key;
        if (key === '__proto__') return flaw('unknown key "__proto__"', true);
        if (holder.keys.has(key)) return flaw(`the key "${key}" is there twice`, true);
        holder.keys.add(key);
        at = end;
        wants = 'colon';
      }
    } else if (wants === 'colon') {
      if (char !== ':') return syntax('":"');
      at++;
      wants = 'value';
    } else if (char === ',') {
      if (typeof holder?.at === 'number') holder.at++;
      at++;
      wants = holder?.keys ? 'key' : 'value';
    } else if (char === (holder?.keys ? '}' : ']')) close();
    else return syntax(holder?.keys ? '"," or "}"' : '"," or "]"');
  }

  function close(): void {
    holders.pop();
    at++;
    wants = 'after';
  }

  function flaw(message: string, atKey = false): Problem {
    return { path: pathOf(holders), message, atKey };
  }

  function syntax(expected: string): Problem {
    const lines = text.slice(0, at).split('\n');
    const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
    const got = at < text.length ? JSON.stringify(text[at]) : 'the end of the body';
    const atKey = wants === 'key' || wants === 'first key';
    const path = pathOf(atKey ? holders.slice(0, -1) : holders);
    return { path, message: `the body is not JSON: ${place}: expected ${expected}, got ${got}` };
  }
}

type Want = 'value' | 'first' | 'key' | 'first key' | 'colon' | 'after';

/** An object or a list that is open, and where in it the text has come to. */
interface Holder {
  /** Those there were; undefined in a list. */
  readonly keys: Set<string> | undefined;
  at: string | number;
}

function pathOf(holders: readonly Holder[]): (string | number)[] {
  return holders.map(({ at }) => at);
}

/** Behind the closing quote; undefined where the string is not whole, or holds what no string may. */
function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; ;) {
    at = match(PLAIN, text, at) ?? at;
    if (text[at] === '"') return at + 1;
    const escaped = match(ESCAPE, text, at);
    if (escaped === undefined) return undefined;
    at = escaped;
  }
}

/** Behind what matches at `at`. */
function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

const SPACE = /[ \t\r\n]*/y;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
/** All but quotes, backslashes and control characters. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
