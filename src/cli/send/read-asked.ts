import { BrownoutError, messageOf } from '../../common/errors.ts';
import type { SendFlags } from './run-send.ts';
import type { Asked } from './told.ts';

/**
 * Reads what the command line asks for; what it names is looked for where it is sent.
 * @throws {BrownoutError} `usage`
 */
export function readAsked(words: readonly string[], flags: SendFlags): Asked {
  const { fault = [], preset = [], as, header = [], json, contract } = flags;
  const body = json === undefined ? undefined : readJson(json);
  return {
    ...readRequest(words),
    as,
    headers: Object.fromEntries(header.map(readHeader)),
    ...(body === undefined ? {} : { json: body.value }),
    contract,
    faults: fault,
    presets: preset,
  };
}

/** `GET /path`, or a path alone; as one word, or two. */
function readRequest(words: readonly string[]): Pick<Asked, 'method' | 'path'> {
  const line = words.join(' ').trim();
  if (line === '') return {};
  const [, method, path] = /^(?:([a-z]+) )?(\/\S*)$/i.exec(line) ?? [];
  if (path !== undefined) return { path, ...(method ? { method: method.toUpperCase() } : {}) };
  const hint = /^[\w-]+=/.test(line)
    ? `; did you mean --fault ${line}?`
    : /^\w[\w.-]*\/\S*$/.test(line)
      ? `, did you mean "/${line}"?`
      : '';
  throw usage(`expected a request such as "GET /games", got "${line}"${hint}`);
}

function readHeader(text: string): [string, string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name.toLowerCase(), value];
  throw usage(`--header: expected "name: value", got "${text}"`);
}

function readJson(text: string): { readonly value: unknown } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    throw usage(`--data: expected JSON, such as '{"name": "Ada"}': ${messageOf(error)}`);
  }
}

function usage(message: string): BrownoutError {
  return new BrownoutError('usage', message);
}
