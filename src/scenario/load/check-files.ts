import { InvalidError, type Problem } from '../../common/errors.ts';
import { createProblems } from '../../common/problems.ts';
import { didYouMean } from '../../common/suggest.ts';
import { located, type YamlFile } from '../../common/yaml-file.ts';
import type { SystemSpec } from '../../system/spec.ts';
import { isolationMistakes } from './check-isolation.ts';
import { isOfEnvironment } from './environment.ts';
import type { Contract } from '../format/contract.ts';
import { interpolate, namesIn } from './interpolate.ts';
import { planPresets } from './plan-faults.ts';
import { takenNames } from './taken-names.ts';

type Path = readonly (string | number)[];

/**
 * Checks what a system file says beyond its form.
 * @throws {FileError}
 */
export function checkSystem(yaml: YamlFile, spec: SystemSpec): void {
  const { start, env } = spec.service;
  const problems = [
    ...unknownVariables(['service', 'env'], env, spec, ['port', 'secret']),
    ...takenNames(spec.upstreams),
    ...isolationMistakes(spec),
    ...wrongPresets(spec),
    ...('command' in start
      ? unknownVariables(['service', 'command'], start.command, spec, ['port', 'secret'])
      : []),
    ...('builtin' in start ? untrusting(spec) : []),
  ];
  const told = JSON.stringify([start, env]);
  if ('command' in start && !told.includes('${port}') && problems.length === 0) {
    const message = 'say in command or env where the program is told its port: "${port}"';
    problems.push({ path: ['service', 'command'], message });
  }
  if (problems.length > 0) throw located(new InvalidError(problems), yaml);
}

/**
 * Checks a contract against the system that it is about.
 * @throws {FileError}
 */
export function checkContract(yaml: YamlFile, contract: Contract, system: SystemSpec): void {
  const calls = Object.values(system.upstreams).flatMap((upstream) => Object.keys(upstream.calls));
  const identities = Object.keys(system.identities);
  const { as } = contract.request;
  const problems = [
    ...unknownVariables(['never'], contract.never, system),
    ...Object.keys(contract.calls)
      .filter((call) => !calls.includes(call))
      .map((call): Problem => {
        const message = `unknown call "${call}"${didYouMean(call, calls)}`;
        return { path: ['calls', call], message, atKey: true };
      }),
    ...sharedParts(contract),
  ];
  if (as !== undefined && !identities.includes(as)) {
    const message = `unknown identity "${as}"${didYouMean(as, identities)}`;
    problems.push({ path: ['request', 'as'], message });
  }
  if (problems.length > 0) throw located(new InvalidError(problems), yaml);
}

/** What is neither a variable of the system (`upstream.stats.url`, `.address`, with TLS `.ca`) nor one of `others`. */
function unknownVariables(
  path: Path,
  value: Readonly<Record<string, string>> | readonly string[],
  { upstreams }: SystemSpec,
  others: readonly string[] = [],
): Problem[] {
  const entries = Object.entries(upstreams);
  const plain = entries.flatMap(([name, { tls }]) => (tls ? [] : [`upstream.${name}.ca`]));
  const known = [
    ...entries.flatMap(([name, { tls }]) =>
      ['url', 'address', ...(tls ? ['ca'] : [])].map((part) => `upstream.${name}.${part}`),
    ),
    ...others,
  ];
  return Object.entries(value).flatMap(([key, text]): Problem[] => {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    const names = namesIn(text);
    const missing = plain.find((name) => names.has(name));
    if (missing === undefined) {
      return unknownIn(at, text, [...known, ...[...names].filter(isOfEnvironment)]);
    }
    const message = `\${${missing}} needs tls: true on the upstream`;
    return [{ path: at, message }];
  });
}

function unknownIn(path: Path, text: string, known: readonly string[]): Problem[] {
  try {
    interpolate(text, Object.fromEntries(known.map((name) => [name, ''])));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    return error.problems.map((p) => ({ ...p, path }));
  }
}

function wrongPresets(spec: SystemSpec): readonly Problem[] {
  const problems = createProblems();
  problems.attempt(() => planPresets(spec.presets, spec));
  return problems.all;
}

/** A built-in service trusts whom its env names: without that, every baseline would fail for a reason hard to see. */
function untrusting({ service, upstreams }: SystemSpec): Problem[] {
  const named = namesIn(service.env);
  return Object.entries(upstreams).flatMap(([name, { tls }]) => {
    if (!tls || named.has(`upstream.${name}.ca`)) return [];
    const message = `a built-in service trusts no certificate of this one: put STATS_TRACKER_CA: \${upstream.${name}.ca} into its env`;
    return [{ path: ['upstreams', name, 'tls'], message }];
  });
}

/** Under a broken call's part nothing is compared: another call's data there would never be judged. */
function sharedParts({ calls }: Contract): Problem[] {
  return Object.entries(calls).flatMap(([name, { part }]) =>
    Object.entries(calls)
      .filter(([other, { data }]) => other !== name && `${data}/`.startsWith(`${part}/`))
      .map(([other]) => ({
        path: ['calls', name, 'part'],
        message: `the data of "${other}" stands in this part too, and would not be judged while "${name}" is broken`,
      })),
  );
}
