import { existsSync } from 'node:fs';
import { BrownoutError, invalid } from '../../common/errors.ts';
import { located, readYaml, validateFile } from '../../common/yaml-file.ts';
import { configFile } from '../format/config.ts';

/**
 * What is taken where no path is named: what `brownout.yaml` in the working directory says, else `scenarios`.
 * @throws {FileError} where that file is wrong, or says what is not there
 * @throws {BrownoutError} `usage` where there is neither
 */
export function defaultPaths(): readonly string[] {
  if (existsSync(CONFIG_FILE)) return pathsIn(CONFIG_FILE);
  if (existsSync(FOLDER)) return [FOLDER];
  throw new BrownoutError(
    'usage',
    `there is no folder "${FOLDER}" here: name files or folders (. is this one), or say "run: [folder]" in ${CONFIG_FILE}`,
  );
}

/** @throws {FileError} */
export function pathsIn(file: string): readonly string[] {
  const yaml = readYaml(file);
  const { run } = validateFile(configFile, yaml);
  for (const [i, path] of run.entries()) {
    if (!existsSync(path))
      throw located(invalid(['run', i], `no such file or folder: ${path}`), yaml);
  }
  return run;
}

export const CONFIG_FILE = 'brownout.yaml';
const FOLDER = 'scenarios';
