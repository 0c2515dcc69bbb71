import { join } from 'node:path';
import { InvalidError, type Problem } from '../../common/errors.ts';
import { whyNoFile } from '../../common/text-file.ts';
import { located, type YamlFile } from '../../common/yaml-file.ts';
import type { MockSpec, SystemSpec, UpstreamSpec } from '../../system/spec.ts';
import type { WrittenUpstream } from '../format/upstream.ts';

/** A system file as it was written: a mock is the file that it stands in. */
export type WrittenSystem = Omit<SystemSpec, 'upstreams'> & {
  readonly upstreams: Readonly<Record<string, WrittenUpstream>>;
};

/**
 * Puts the mocks into a system in the place of their files.
 * @throws {FileError}
 */
export function withMocks(
  said: WrittenSystem,
  yaml: YamlFile,
  read: (file: string) => MockSpec,
): SystemSpec {
  const problems: Problem[] = [];
  const upstreams: Record<string, UpstreamSpec> = {};
  for (const [name, { target, ...rest }] of Object.entries(said.upstreams)) {
    if (!('file' in target)) {
      upstreams[name] = { ...rest, target };
      continue;
    }
    const file = join(said.directory, target.file);
    const missing = whyNoFile(file);
    if (missing === undefined) upstreams[name] = { ...rest, target: { mock: read(file) } };
    else problems.push({ path: ['upstreams', name, 'target'], message: `${missing}: ${file}` });
  }
  if (problems.length > 0) throw located(new InvalidError(problems), yaml);
  return { ...said, upstreams };
}
