import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { inspect, types } from 'node:util';
import { formatDuration } from '../../common/duration.ts';
import { invalid, messageOf } from '../../common/errors.ts';
import { readJson } from '../../common/read-json.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import type { Finding } from '../expectation.ts';
import { pause } from '../run/pause.ts';
import type { Answer } from '../requests/request.ts';

/** What the function of a script gets: copies, to do with as it likes. Beside a load, exchanges and log are of all requests. */
export interface ScriptSees {
  readonly answer: SeenAnswer;
  /** The answer when all was well; undefined where the request is not that of a contract. */
  readonly baseline: SeenAnswer | undefined;
  /** What the service asked of its upstreams for this answer, as in the journal. */
  readonly exchanges: readonly JournalEntry[];
  /** What it has logged since the request was sent, line by line. */
  readonly log: readonly string[];
}

export type SeenAnswer = Pick<Answer, 'status' | 'headers' | 'body' | 'json' | 'durationMs'>;

/** Judges an answer by a function of the user's; gives what does not hold. */
export type Script = (seen: ScriptSees, signal: AbortSignal) => Promise<readonly Finding[]>;

/**
 * The function that `./check.js#name` names: its module's default export where no name is said. It returns nothing where
 * all holds, else a text, a finding or a list of them; what it throws is told as well.
 * @param file from the working directory
 * @throws {InvalidError} when it is not there, or is no function
 */
export function loadScript(file: string, name = 'default', limitMs = LIMIT_MS): Script {
  const check = exportOf(file, name);
  const what = name === 'default' ? file : `${file}#${name}`;
  const told = (got: unknown): Finding => ({ pointer: 'script', expected: `${what} to hold`, got });
  return async (seen, signal) => {
    const settled = new AbortController();
    try {
      return await Promise.race([
        // Also where it throws at once.
        Promise.resolve().then(async () => findingsOf(await check(structuredClone(seen)), told)),
        pause(limitMs, AbortSignal.any([signal, settled.signal])).then(() => [
          told(`it did not end within ${formatDuration(limitMs)}`),
        ]),
      ]);
    } catch (error) {
      signal.throwIfAborted();
      return [told(describe(error, file))];
    } finally {
      settled.abort();
    }
  };
}

function exportOf(file: string, name: string): (seen: ScriptSees) => unknown {
  const exports = load(file);
  const found = exports[name] ?? (name === 'default' ? undefined : exports['default']?.[name]);
  // A CommonJS module is itself what it exports by default.
  const check = found ?? (name === 'default' ? exports : undefined);
  if (typeof check === 'function') return check as (seen: ScriptSees) => unknown;
  const names = Object.keys(exports).filter((key) => typeof exports[key] === 'function');
  if (name === 'default') {
    const others =
      names.length > 0 ? `: name one of ${names.map((one) => `#${one}`).join(', ')}` : '';
    throw invalid([], `${file} exports no function by default${others}`);
  }
  throw invalid([], `${file} exports no function "${name}"${didYouMean(name, names)}`);
}

function load(file: string): Record<string, Record<string, unknown> | undefined> {
  const path = resolve(file);
  const written = statSync(path).mtimeMs;
  const changed = (loadedAt.get(path) ?? written) !== written;
  const require = createRequire(import.meta.url);
  let exports: unknown;
  try {
    if (changed) Reflect.deleteProperty(require.cache, path);
    exports = require(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_REQUIRE_ASYNC_MODULE')
      throw invalid([], `${file} waits at its top level: do that in the function`);
    throw invalid([], `${file} cannot be loaded: ${describe(error, file)}`);
  }
  // Node keeps an ES module for as long as the process lives: the old one would judge, and nobody would see it.
  if (changed && types.isModuleNamespaceObject(exports))
    throw invalid([], `${file} has changed since it was loaded: start brownout again`);
  loadedAt.set(path, written);
  return exports as ReturnType<typeof load>;
}

/** When each was written that this process has loaded. */
const loadedAt = new Map<string, number>();

function findingsOf(given: unknown, told: (got: unknown) => Finding): Finding[] {
  if (Array.isArray(given)) return given.flatMap((one) => findingsOf(one, told));
  if (given === undefined || given === null) return [];
  if (typeof given !== 'object' || !('expected' in given || 'got' in given))
    return [told(plain(given))];
  const { pointer, expected, got } = given as Readonly<Record<string, unknown>>;
  const at = typeof pointer === 'string' ? pointer : 'script';
  return [{ pointer: at, expected: plain(expected), got: plain(got) }];
}

/** As a report can tell it: what JSON cannot say, such as a circle, as text. */
function plain(value: unknown): unknown {
  if (value === undefined) return undefined;
  try {
    const read = readJson(JSON.stringify(value));
    return 'json' in read ? read.json : inspect(value);
  } catch {
    return inspect(value);
  }
}

/** An assertion that fails explains itself; of anything else it is told where it was thrown. */
function describe(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name.startsWith('AssertionError')) return messageOf(error);
  const path = resolve(file);
  const line = error.stack?.split('\n').find((one) => one.includes(path));
  const [, at] = /:(\d+(?::\d+)?)\)?$/.exec(line ?? '') ?? [];
  const where = at === undefined ? '' : ` (${file}:${at})`;
  return `${error.name}: ${error.message}${where}`;
}

const LIMIT_MS = 5000;
