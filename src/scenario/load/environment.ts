import { InvalidError, type Problem } from '../../common/errors.ts';
import { located, type YamlFile } from '../../common/yaml-file.ts';

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Puts environment variables in the place of `${env.NAME}` in the texts of a file; an empty one counts as absent.
 * @throws {FileError} where one that the file names is not set
 */
export function fillEnvironment(yaml: YamlFile, env: Env): YamlFile {
  const problems: Problem[] = [];
  const value = walk(yaml.value, []);
  if (problems.length > 0) throw located(new InvalidError(problems), yaml);
  return { ...yaml, value };

  function walk(part: unknown, path: Problem['path']): unknown {
    if (typeof part === 'string') return replace(part, path);
    if (Array.isArray(part)) return part.map((item, i) => walk(item, [...path, i]));
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part).map(([key, item]) => [key, walk(item, [...path, key])]);
    return Object.fromEntries(entries) as unknown;
  }

  function replace(text: string, path: Problem['path']): string {
    return text.replace(NAMED, (whole, name: string) => {
      if (env[name]) return env[name];
      problems.push({ path, message: `the environment variable ${name} is not set` });
      return whole;
    });
  }
}

/** Whether it is a name such as `env.PGHOST`. */
export function isOfEnvironment(name: string): boolean {
  return /^env\.\w+$/.test(name);
}

const NAMED = /\$\{env\.(\w+)\}/g;
