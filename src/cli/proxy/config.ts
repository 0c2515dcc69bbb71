import { FileError, InvalidError, type Problem } from '../../common/errors.ts';
import { validate } from '../../common/validate.ts';
import { located, readYaml } from '../../common/yaml-file.ts';
import { parseRule, type UpstreamNames } from '../../proxy/catalogue.ts';
import type { ProxyUpstream } from '../../proxy/proxy.ts';
import { proxyFile, type ProxyFile } from '../../scenario/format/proxy.ts';
import { takenNames } from '../../scenario/taken-names.ts';

/** What a proxy is to be. */
export interface Wanted {
  readonly upstreams: readonly ProxyUpstream[];
  readonly rules: readonly unknown[];
}

/**
 * Reads a file for `brownout proxy --config`.
 * @param flagged upstreams of the command line, which its rules may name and its upstreams may not
 * @throws {FileError} with the position of every problem
 */
export function readConfig(file: string, flagged: readonly ProxyUpstream[] = []): Wanted {
  const source = readYaml(file);
  const problems: Problem[] = [];
  const collect = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const written = Array.isArray(source.value) ? { proxies: source.value as unknown } : source.value;
  const read = collect(() => validate(proxyFile, written));
  const upstreams = read ? upstreamsOf(read) : [];
  const rules = listIn(written, 'rules');
  // Rules are checked even where an upstream is wrong, by what can be made out of it.
  const names = read ? namesOf([...flagged, ...upstreams]) : namesIn(written, flagged);
  rules.forEach((rule, i) => collect(() => parseRuleAt(['rules', i], rule, names)));
  if (read) collect(() => checkTogether(read, flagged));
  if (problems.length > 0) throw inOrder(located(new InvalidError(problems), source));
  return { upstreams, rules };
}

/** The names that rules may use, of upstreams as they are opened. */
export function namesOf(upstreams: readonly ProxyUpstream[]): UpstreamNames {
  return Object.fromEntries(
    upstreams.map(({ name, protocol = 'http', tls = false, calls = {} }) => [
      name,
      { protocol, tls, calls: Object.keys(calls) },
    ]),
  );
}

function upstreamsOf({ upstreams }: ProxyFile): ProxyUpstream[] {
  return Object.entries(upstreams).map(
    ([name, { protocol, target, tls, host, calls, listen }]) => ({
      name,
      protocol,
      target,
      tls,
      ownHost: host === 'target',
      calls,
      ...listen,
    }),
  );
}

/** What holds of the file as a whole. */
function checkTogether({ upstreams }: ProxyFile, flagged: readonly ProxyUpstream[]): void {
  const others = Object.fromEntries(flagged.map(({ name }) => [name, { calls: {} }]));
  const problems: Problem[] = takenNames({ ...others, ...upstreams });
  const byAddress = new Map<string, string>();
  for (const [name, { listen }] of Object.entries(upstreams)) {
    if (flagged.some((one) => one.name === name)) {
      const message = `--upstream ${name}=… is on the command line already: leave one of them out`;
      problems.push({ path: ['upstreams', name], message, atKey: true });
    }
    if (!listen || listen.port === 0) continue;
    const address = `${listen.host}:${listen.port}`;
    const other = byAddress.get(address);
    if (other !== undefined) {
      const message = `${other} listens on ${address} already: choose another port`;
      problems.push({ path: ['upstreams', name, 'listen'], message });
    }
    byAddress.set(address, name);
  }
  if (problems.length > 0) throw new InvalidError(problems);
}

function parseRuleAt(path: Problem['path'], rule: unknown, names: UpstreamNames): void {
  try {
    parseRule(rule, names);
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    throw new InvalidError(error.problems.map((p) => ({ ...p, path: [...path, ...p.path] })));
  }
}

/** The names of a file that is not valid, as far as it has any. */
function namesIn(written: unknown, flagged: readonly ProxyUpstream[]): UpstreamNames {
  const entries = Object.entries(objectIn(objectIn(written)['upstreams']));
  const found = entries.map(([name, upstream]) => {
    const { protocol, tls, calls } = objectIn(upstream);
    return [
      name,
      {
        protocol: protocol === 'tcp' ? ('tcp' as const) : ('http' as const),
        tls: tls === true,
        calls: Object.keys(objectIn(calls)),
      },
    ] as const;
  });
  return { ...namesOf(flagged), ...Object.fromEntries(found) };
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = objectIn(value)[key];
  return Array.isArray(list) ? list : [];
}

/** As they stand in the file. */
function inOrder({ problems }: FileError): FileError {
  return new FileError([...problems].sort((a, b) => a.line - b.line || a.column - b.column));
}
