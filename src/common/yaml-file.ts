import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
} from 'yaml';
import type { z } from 'zod';
import { FileError, InvalidError, TooLargeError, type Position } from './errors.ts';
import { placeIn, readText } from './text-file.ts';
import { validate } from './validate.ts';
import { yamlMistakes } from './yaml-mistakes.ts';
import { pitfallsOf, tooMany, tooMuch, type Pitfall } from './yaml-pitfalls.ts';

/** A parsed YAML (or JSON) file that knows where each of its values stands. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** Position of the value that `path` leads to, or of the deepest part of the path that exists. */
  positionOf(path: readonly (string | number)[], atKey?: boolean): Position;
}

/** @throws {FileError} when the file cannot be read or is not YAML */
export function readYaml(file: string): YamlFile {
  return parseYaml(readText(file), file);
}

/** @throws {FileError} when the text is not YAML */
export function parseYaml(written: string, file: string): YamlFile {
  const text = written.replace(BYTE_ORDER_MARK, '');
  const place = ({ offset, message }: Pitfall) => ({ file, ...placeIn(text, offset), message });
  const early = tooMuch(text);
  if (early) throw new FileError([place(early)]);
  const many = tooMany(text);
  if (many) throw new TooLargeError([place(many)]);
  const lines = new LineCounter();
  // The parser looks for keys that stand twice by comparing each with each.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const pitfalls =
    document.errors.length > 0 ? yamlMistakes(document.errors, text) : pitfallsOf(document);
  if (pitfalls.length > 0)
    throw new FileError(pitfalls.map(({ offset, message }) => ({ ...at(offset), message })));
  return {
    file,
    // What aliases make of it was measured.
    value: document.toJS({ maxAliasCount: -1 }),
    positionOf: (path, atKey = false) => at(offsetOf(document.contents, path, atKey)),
  };
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

const BYTE_ORDER_MARK = /^\ufeff/;
