import {
  access,
  appendFile,
  constants,
  mkdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BrownoutError, messageOf } from '../common/errors.ts';

/** A file that is written whole or not at all. */
export interface OutputFile {
  readonly path: string;
  /** @throws {BrownoutError} `report_not_written` */
  save(text: string): Promise<void>;
}

/**
 * Makes the folder and looks whether the file can be written, so that a long run does not end in a report that nobody gets.
 * @throws {BrownoutError} `report_not_written`
 */
export async function openOutputFile(path: string): Promise<OutputFile> {
  const target = await reported(path, async () => {
    await makeFolder(dirname(path));
    const target = await realpath(path).catch(() => path);
    const kind = await kindOf(target);
    if (kind === 'folder') throw new Error('it is a folder');
    await access(kind === 'device' ? target : dirname(target), constants.W_OK);
    return target;
  });
  return {
    path,
    save: (text) => reported(path, () => replace(target, text)),
  };
}

/** Not by mkdir's own `recursive`: where a file system says of every folder that it is not there, as /proc does, that never ends. */
async function makeFolder(path: string): Promise<void> {
  if ((await kindOf(path)) === 'folder') return;
  const above = dirname(path);
  if (above !== path) await makeFolder(above);
  await mkdir(path).catch(async (error: unknown) => {
    // Another report may have made it meanwhile.
    if ((await kindOf(path)) !== 'folder') throw error;
  });
}

/** A file that others have begun. */
export interface AddedFile {
  /** What is in it already. */
  readonly bytes: number;
  /** @throws {BrownoutError} `report_not_written` */
  add(text: string): Promise<void>;
}

/** @throws {BrownoutError} `report_not_written` */
export async function openAddedFile(path: string): Promise<AddedFile> {
  const bytes = await reported(path, async () => {
    const kind = await kindOf(path);
    if (kind === 'folder') throw new Error('it is a folder');
    await access(kind === 'none' ? dirname(path) : path, constants.W_OK);
    return kind === 'file' ? (await stat(path)).size : 0;
  });
  return {
    bytes,
    add: (text) => reported(path, () => appendFile(path, text)),
  };
}

async function replace(target: string, text: string): Promise<void> {
  // A rename would put a file in the place of /dev/stdout or a pipe.
  if ((await kindOf(target)) === 'device') return writeFile(target, text);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  try {
    await writeFile(beside, text, { flush: true });
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

async function kindOf(path: string): Promise<'none' | 'file' | 'folder' | 'device'> {
  const stats = await stat(path).catch(() => null);
  if (stats === null) return 'none';
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'device';
}

async function reported<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const message = `cannot write the report ${path}: ${messageOf(error)}; ${adviceFor(error)}`;
    throw new BrownoutError('report_not_written', message, { cause: error });
  }
}

function adviceFor(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (FULL.includes(code)) return 'free some space, or name a file elsewhere';
  if (FORBIDDEN.includes(code)) return 'name a file where you may write';
  return 'name another file';
}

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const FORBIDDEN = ['EACCES', 'EPERM', 'EROFS'];
