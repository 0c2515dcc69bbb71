import { FileError, InvalidError, type Problem } from '../../common/errors.ts';
import { below, createProblems } from '../../common/problems.ts';
import { validate } from '../../common/validate.ts';
import { located, readYaml } from '../../common/yaml-file.ts';
import { parseRule, type UpstreamNames } from '../../proxy/catalogue.ts';
import type { ProxyUpstream } from '../../proxy/proxy.ts';
import { parseProxies, type ProxySpec } from '../../proxy/toxiproxy/proxy-spec.ts';
import { proxyFile, type ProxyFile } from '../../scenario/format/proxy.ts';
import { takenNames } from '../../scenario/load/taken-names.ts';

/** What a proxy is to be. */
export interface Wanted {
  readonly upstreams: readonly ProxyUpstream[];
  readonly rules: readonly unknown[];
  /** As Toxiproxy has them. */
  readonly proxies: readonly ProxySpec[];
}

/**
 * Reads a file for `brownout proxy --config`.
 * @param flagged upstreams of the command line, which its rules may name and its upstreams may not
 * @throws {FileError} with the position of every problem
 */
export function readConfig(file: string, flagged: readonly ProxyUpstream[] = []): Wanted {
  const source = readYaml(file);
  const problems = createProblems();
  const bare = Array.isArray(source.value);
  const written = bare ? { proxies: source.value as unknown } : source.value;
  const read = problems.attempt(() => validate(proxyFile, written));
  const upstreams = read ? upstreamsOf(read) : [];
  const rules = listIn(written, 'rules');
  const proxies = problems.attempt(() =>
    below(['proxies'], () => parseProxies(listIn(written, 'proxies'))),
  );
  // Rules are checked even where an upstream is wrong, by what can be made out of it.
  const names = {
    ...(read ? namesOf({ upstreams }) : namesIn(written)),
    ...namesOf({ upstreams: flagged, proxies }),
  };
  rules.forEach((rule, i) =>
    problems.attempt(() => below(['rules', i], () => parseRule(rule, names))),
  );
  if (read) problems.attempt(() => checkTogether(read, flagged, proxies));
  const { all } = problems;
  if (all.length === 0) return { upstreams, rules, proxies: proxies ?? [] };
  const placed = bare ? all.map((p) => ({ ...p, path: p.path.slice(1) })) : all;
  throw inOrder(located(new InvalidError(placed), source));
}

/** The names that rules may use. */
export function namesOf({
  upstreams,
  proxies = [],
}: {
  readonly upstreams: readonly ProxyUpstream[];
  readonly proxies?: readonly ProxySpec[] | undefined;
}): UpstreamNames {
  const ours = upstreams.map(({ name, protocol = 'http', tls = false, calls = {} }) => {
    return [name, { protocol, tls, calls: Object.keys(calls) }] as const;
  });
  const toxiproxys = proxies.map(({ name }) => [name, { protocol: 'tcp', calls: [] }] as const);
  return Object.fromEntries([...ours, ...toxiproxys]);
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
function checkTogether(
  { upstreams }: ProxyFile,
  flagged: readonly ProxyUpstream[],
  proxies: readonly ProxySpec[] = [],
): void {
  const others = Object.fromEntries(
    [...flagged, ...proxies].map(({ name }) => [name, { calls: {} }]),
  );
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
  for (const [i, { name }] of proxies.entries()) {
    if (!Object.hasOwn(upstreams, name) && !flagged.some((one) => one.name === name)) continue;
    const message = `"${name}" is an upstream already: choose another name`;
    problems.push({ path: ['proxies', i, 'name'], message });
  }
  if (problems.length > 0) throw new InvalidError(problems);
}

/** The names of a file that is not valid, as far as it has any. */
function namesIn(written: unknown): UpstreamNames {
  const entries = Object.entries(objectIn(objectIn(written)['upstreams']));
  return Object.fromEntries(
    entries.map(([name, upstream]) => {
      const { protocol, tls, calls } = objectIn(upstream);
      const spoken = protocol === 'tcp' ? ('tcp' as const) : ('http' as const);
      const known = { protocol: spoken, tls: tls === true, calls: Object.keys(objectIn(calls)) };
      return [name, known] as const;
    }),
  );
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
