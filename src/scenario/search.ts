import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FileError, InvalidError, messageOf } from '../common/errors.ts';
import { nearest } from '../common/suggest.ts';
import { located, readYaml, type YamlFile } from '../common/yaml-file.ts';
import type { FileKind } from './suite.ts';

/**
 * The files that the paths name. Folders are searched whole, for files that are ours: what else a service keeps there
 * (package.json, workflows) is passed over, but not what may be ours with a mistake in it.
 * @throws {FileError} for a path that leads nowhere
 */
export function searchFiles(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => {
    const name = relative('', path) || '.';
    return isFolder(name) ? searchFolder(name) : [name];
  });
  return [...new Set(found)];
}

/** @throws {FileError} for a file whose first key is none of ours */
export function kindOf(yaml: YamlFile): FileKind {
  const keys = keysOf(yaml.value);
  const [first = ''] = keys;
  const kind = KINDS.find((candidate) => candidate === first);
  if (kind) return kind;
  const got = first === '' ? 'this one has none' : `got "${first}"${hintFor(keys)}`;
  const message = `a file is told by its first key, one of ${KINDS.join(', ')}; ${got}`;
  throw located(new InvalidError([{ path: [first], message, atKey: true }]), yaml);
}

function hintFor(keys: readonly string[]): string {
  const later = KINDS.find((kind) => keys.includes(kind));
  if (later !== undefined) return `: put "${later}" before it`;
  const near = nearest(keys[0] ?? '', KINDS);
  if (near !== undefined) return `, did you mean "${near}"?`;
  const like = kindLike(keys);
  return like === undefined ? '' : `: a ${like} begins with "${like}: …"`;
}

/** The kind of file that always has these keys. */
function kindLike(keys: readonly string[]): FileKind | undefined {
  return KINDS.find((kind) => ALWAYS[kind]?.every((key) => keys.includes(key)));
}

function isFolder(path: string): boolean {
  const fail = (message: string) => new FileError([{ file: path, line: 1, column: 1, message }]);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) throw fail('no such file or folder');
    return stats.isDirectory();
  } catch (error) {
    throw error instanceof FileError ? error : fail(`cannot be read: ${messageOf(error)}`);
  }
}

function searchFolder(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = join(path, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return searchFolder(name);
      return /\.(ya?ml|json)$/.test(entry.name) && !isForeign(name) ? [name] : [];
    });
}

/** A file that cannot be parsed may be ours: loading it tells where it is broken. */
function isForeign(file: string): boolean {
  try {
    const keys = keysOf(readYaml(file).value);
    const [first = ''] = keys;
    const maybeOurs =
      nearest(first, KINDS) !== undefined ||
      KINDS.some((kind) => keys.includes(kind)) ||
      kindLike(keys) !== undefined;
    return !maybeOurs;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

function keysOf(value: unknown): string[] {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return keys.filter((key) => key !== '$schema');
}

const KINDS: readonly FileKind[] = ['system', 'contract', 'scenario', 'fragment'];
/** What a file of the kind cannot do without, and a file of another tool hardly has. */
const ALWAYS: Readonly<Partial<Record<FileKind, readonly string[]>>> = {
  system: ['service', 'upstreams'],
  contract: ['request', 'budget', 'calls'],
  scenario: ['id', 'use'],
};
