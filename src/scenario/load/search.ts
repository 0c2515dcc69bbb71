import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { FileError, InvalidError, messageOf, TooLargeError } from '../../common/errors.ts';
import { nearest } from '../../common/suggest.ts';
import { beginningOf } from '../../common/text-file.ts';
import { located, readYaml, type YamlFile } from '../../common/yaml-file.ts';
import type { FileKind } from '../suite.ts';

/**
 * The files that the paths name. Folders are searched whole, for files that are ours: what else a service keeps there
 * (package.json, workflows) is passed over, but not what may be ours with a mistake in it.
 * @param read how a file is read
 * @throws {FileError} for a path that leads nowhere
 */
export function searchFiles(paths: readonly string[], read = readYaml): string[] {
  const found = paths.flatMap((path) => {
    const name = relative('', path) || '.';
    return isFolder(name) ? searchFolder(name, realpathSync(name), read) : [name];
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
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) throw unreadable(path, 'no such file or folder');
    return stats.isDirectory();
  } catch (error) {
    throw error instanceof FileError
      ? error
      : unreadable(path, `cannot be read: ${messageOf(error)}`);
  }
}

/** @param root the folder that was named, without links: what leads out of it was not meant by its name */
function searchFolder(path: string, root: string, read: typeof readYaml): string[] {
  return entriesOf(path)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = join(path, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return searchFolder(name, root, read);
      if (!/\.(ya?ml|json)$/.test(entry.name)) return [];
      if (entry.isSymbolicLink() && !leadsToFile(name, root)) return [];
      return isForeign(name, read) ? [] : [name];
    });
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw unreadable(path, `cannot be read: ${messageOf(error)}`);
  }
}

/**
 * A folder that a link leads to is not searched: it could hold the link.
 * @throws {FileError} for a link out of the searched folder: it may lead anywhere, and nobody named what stands there
 */
function leadsToFile(link: string, root: string): boolean {
  let target: string;
  try {
    target = realpathSync(link);
  } catch {
    // Why is told when it is read.
    return true;
  }
  if (statSync(target).isDirectory()) return false;
  if (target.startsWith(`${root}${sep}`)) return true;
  const message = `a link out of the folder that is searched, to ${target}: name the file itself where it is meant`;
  throw unreadable(link, message);
}

function unreadable(file: string, message: string): FileError {
  return new FileError([{ file, line: 1, column: 1, message }]);
}

/** A file that cannot be parsed may be ours: loading it tells where it is broken. */
function isForeign(file: string, read: typeof readYaml): boolean {
  try {
    const keys = keysOf(read(file).value);
    const [first = ''] = keys;
    const maybeOurs =
      nearest(first, KINDS) !== undefined ||
      KINDS.some((kind) => keys.includes(kind)) ||
      kindLike(keys) !== undefined;
    return !maybeOurs;
  } catch (error) {
    if (error instanceof TooLargeError) return !namesKind(beginningOf(file));
    if (error instanceof FileError) return false;
    throw error;
  }
}

/** Whether a text, which may be cut, has a key of ours. */
function namesKind(text: string): boolean {
  return KINDS.some((kind) => new RegExp(`^[\\s{"']*${kind}["']?\\s*:`, 'm').test(text));
}

function keysOf(value: unknown): string[] {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  return keys.filter((key) => key !== '$schema');
}

const KINDS: readonly FileKind[] = ['system', 'contract', 'scenario', 'fragment', 'mock'];
/** What a file of the kind cannot do without, and a file of another tool hardly has. */
const ALWAYS: Readonly<Partial<Record<FileKind, readonly string[]>>> = {
  system: ['service', 'upstreams'],
  contract: ['request', 'budget', 'calls'],
  scenario: ['id', 'use'],
};
