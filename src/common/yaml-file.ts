import { readFileSync } from 'node:fs';
import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import type { z } from 'zod';
import { FileError, InvalidError, messageOf, type Position } from './errors.ts';
import { validate } from './validate.ts';
import { yamlMistakes, type YamlMistake } from './yaml-mistakes.ts';

/** A parsed YAML (or JSON) file that knows where each of its values stands. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Position of the value that `path` leads to, or of the deepest part of the path that exists. */
  positionOf(path: readonly (string | number)[], atKey?: boolean): Position;
}

/** @throws {FileError} when the file cannot be read or is not YAML */
export function readYaml(file: string): YamlFile {
  try {
    return parseYaml(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof FileError) throw error;
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : messageOf(error);
    throw new FileError([{ file, line: 1, column: 1, message: `cannot be read: ${reason}` }]);
  }
}

/** @throws {FileError} when the text is not YAML */
export function parseYaml(text: string, file: string): YamlFile {
  const deep = tooDeep(text);
  if (deep) throw new FileError([{ file, ...deep, message: 'nested too deeply' }]);
  const lines = new LineCounter();
  const parsed = text.replace(BYTE_ORDER_MARK, '');
  const document = parseDocument(parsed, {
    lineCounter: lines,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const mistakes =
    document.errors.length > 0 ? yamlMistakes(document.errors, parsed) : pitfallsOf(document);
  if (mistakes.length > 0) {
    throw new FileError(mistakes.map(({ offset, message }) => ({ ...at(offset), message })));
  }
  return {
    file,
    value: toValue(() => document.toJS({ maxAliasCount: MAX_ALIASES }), file),
    positionOf: (path, atKey = false) => at(offsetOf(document.contents, path, atKey)),
  };
}

/**
 * Where a text opens more brackets, or indents further, than any file needs. It is looked at before it is parsed:
 * at the end of its stack, the parser can take the whole process with it.
 */
function tooDeep(text: string): { line: number; column: number } | undefined {
  let depth = 0;
  for (const [i, line] of text.split('\n').entries()) {
    const [blocks = ''] = /^ *(?:[-?:]\s+)*/.exec(line) ?? [];
    if (blocks.length > MOST_DEPTH) return { line: i + 1, column: MOST_DEPTH + 1 };
    for (let column = 0; column < line.length; column++) {
      const character = line[column];
      if (character === '[' || character === '{') depth++;
      else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
      if (depth > MOST_DEPTH) return { line: i + 1, column: column + 1 };
    }
  }
  return undefined;
}

/**
 * Checks a file's value against a schema.
 * @throws {FileError} with the position of each problem
 */
export function validateFile<T>(schema: z.ZodType<T>, source: YamlFile): T {
  try {
    return validate(schema, source.value);
  } catch (error) {
    throw error instanceof InvalidError ? located(error, source) : error;
  }
}

/** The same error with the positions of its problems in `source`. */
export function located(error: InvalidError, source: YamlFile): FileError {
  return new FileError(
    error.problems.map(({ path, message, atKey }) => ({
      ...source.positionOf(path, atKey),
      message,
    })),
  );
}

/** YAML that no JSON value can stand for: left alone, it would be an endless value, or a key made up by the parser. */
function pitfallsOf(document: Document.Parsed): YamlMistake[] {
  const found: YamlMistake[] = [];
  const add = (node: Node, message: string): void => {
    found.push({ offset: node.range?.[0] ?? 0, message });
  };
  visit(document, {
    Alias(_, alias, path) {
      const target = alias.resolve(document);
      if (!target) add(alias, `unknown alias *${alias.source}: its anchor must stand before it`);
      else if (path.includes(target)) add(alias, `*${alias.source} would contain itself`);
    },
    Pair(_, pair) {
      const key = isAlias(pair.key) ? pair.key.resolve(document) : pair.key;
      if (isMap(key) || isSeq(key)) add(pair.key as Node, 'a key must be text, not a list or map');
    },
  });
  return found;
}

function toValue(read: () => unknown, file: string): unknown {
  try {
    return read();
  } catch (error) {
    throw new FileError([{ file, line: 1, column: 1, message: messageOf(error) }]);
  }
}

/** A missing or unknown key has no value to point at: the key itself, or what should hold it, is the place to look. */
function offsetOf(root: Node | null, path: readonly (string | number)[], atKey: boolean): number {
  let node: Node | null = root;
  let offset = root?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    const last = depth === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (!isPair(pair)) return offset;
      const keyNode = pair.key as Node;
      const valueNode = pair.value as Node | null;
      const inline = !atKey && (isScalar(valueNode) || isAlias(valueNode));
      offset = (last && inline ? valueNode : keyNode).range?.[0] ?? offset;
      node = valueNode;
    } else if (isSeq(node)) {
      const item = node.items[Number(key)] as Node | undefined;
      if (!item) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}

/** Of brackets, and of columns of indentation. */
const MOST_DEPTH = 500;
const MAX_ALIASES = 100;
const BYTE_ORDER_MARK = /^\ufeff/;
