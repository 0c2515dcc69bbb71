import { invalid } from '../../common/errors.ts';
import { below, createProblems } from '../../common/problems.ts';
import { show } from '../../common/show.ts';
import { readListen, readUpstream } from './address.ts';
import { checkName, fieldsOf } from './fields.ts';
import { readToxic, type ToxicSpec } from './toxic-spec.ts';
import { ToxiproxyError } from './toxiproxy-error.ts';

/** A proxy as Toxiproxy's clients and its configuration file write it. */
export interface ProxySpec {
  readonly name: string;
  /** `host:port`; a random port where it is 0, and of every address where this is empty. */
  readonly listen: string;
  /** `host:port` */
  readonly upstream: string;
  /** Absent where it was not said: a new proxy is enabled then. */
  readonly enabled?: boolean;
  /** Absent where they were not said. */
  readonly toxics?: readonly ToxicSpec[];
}

/**
 * Reads a list of proxies, each perhaps with its toxics, as a configuration file holds it; addresses of those that are
 * disabled are not looked at.
 * @throws {InvalidError} with all that is wrong, each at its path
 */
export function parseProxies(value: unknown): readonly ProxySpec[] {
  const problems = createProblems();
  const names = new Set<string>();
  const specs = listOf(value).flatMap(
    (item, i) => problems.attempt(() => below([i], () => parseOne(item, names))) ?? [],
  );
  problems.settle();
  return specs;
}

/** One of a list, whose addresses are checked when they are used. @throws {InvalidError} */
export function readProxy(value: unknown): ProxySpec {
  const fields = fieldsOf(value);
  const enabled = fields.flag('enabled');
  const toxics = fields.list('toxics');
  return {
    name: fields.text('name') ?? '',
    listen: fields.text('listen') ?? '',
    upstream: fields.text('upstream') ?? '',
    ...(enabled === undefined ? {} : { enabled }),
    ...(toxics === undefined ? {} : { toxics: readToxics(toxics) }),
  };
}

/** @throws {InvalidError} */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid([], `expected a list of proxies, got ${show(value)}`);
}

/** Which field that must be there is not. */
export function missingIn({ name, upstream }: ProxySpec): 'name' | 'upstream' | undefined {
  return name === '' ? 'name' : upstream === '' ? 'upstream' : undefined;
}

/** In Toxiproxy's words. */
export function missing(field: string): string {
  return `missing required field: ${field}`;
}

function parseOne(value: unknown, names: Set<string>): ProxySpec {
  const spec = readProxy(value);
  const lacks = missingIn(spec);
  if (lacks) throw invalid([lacks], missing(lacks));
  checkName(spec.name, 'name');
  if (names.has(spec.name)) throw invalid(['name'], `"${spec.name}" is given to two proxies`);
  names.add(spec.name);
  if (spec.enabled !== false) {
    checkListen(spec.listen);
    readUpstream(spec.upstream);
  }
  return spec;
}

function readToxics(list: readonly unknown[]): readonly ToxicSpec[] {
  const names = new Set<string>();
  return list.map((item, i) =>
    below(['toxics', i], () => {
      const toxic = readToxic(item).finish();
      if (names.has(toxic.name)) throw invalid(['name'], `"${toxic.name}" is given to two toxics`);
      names.add(toxic.name);
      return toxic;
    }),
  );
}

function checkListen(listen: string): void {
  try {
    readListen(listen);
  } catch (error) {
    if (!(error instanceof ToxiproxyError)) throw error;
    throw invalid(['listen'], error.message);
  }
}
