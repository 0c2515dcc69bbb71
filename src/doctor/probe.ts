import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BrownoutError } from '../common/errors.ts';
import type { Files } from '../scenario/files.ts';
import type { Contract } from '../scenario/format/contract.ts';
import type { RequestSpec } from '../scenario/request.ts';
import { contractRequest, deadlineOf } from '../scenario/contract-request.ts';
import type { Session } from '../scenario/session.ts';
import type { SystemSpec } from '../system/spec.ts';

/** A request to the service, to see what it does. */
export interface Probe {
  /** The contract's name, or the request itself. */
  readonly name: string;
  readonly contract: Contract | undefined;
  /** Milliseconds after which it is given up. */
  readonly deadline: number;
  readonly request: (session: Session) => RequestSpec;
}

/**
 * One for each contract beside a system file, in its folder or in `contracts/`. Contracts that know none of its calls are
 * another system's.
 * @throws {FileError} for a contract with a mistake in it
 */
export function probesBeside(file: string, system: SystemSpec, files: Files): Probe[] {
  const folder = dirname(file);
  return [...filesIn(folder), ...filesIn(join(folder, 'contracts'))]
    .filter(looksLikeContract)
    .filter((path) => isAbout(system, files.source(path).yaml.value))
    .map((path) => probeOf(files.contract(path, system)));
}

/**
 * The probe of a request line, such as `GET /games`.
 * @throws {BrownoutError} `usage`
 */
export function parseProbe(line: string): Probe {
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(line) ?? [];
  if (method === undefined || path === undefined) {
    const message = `--request: expected a method and a path such as "GET /games", got "${line}"`;
    throw new BrownoutError('usage', message);
  }
  const request = { method, path, headers: {}, body: undefined };
  return { name: line, contract: undefined, deadline: DEADLINE_MS, request: () => request };
}

function probeOf(contract: Contract): Probe {
  return {
    name: contract.contract,
    contract,
    deadline: deadlineOf(contract),
    request: (session) => contractRequest(contract, session),
  };
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
      .map(({ name }) => join(folder, name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Before it is parsed: what else stands there need not be YAML, but a contract with a mistake is to be told of. */
function looksLikeContract(file: string): boolean {
  return /^(\{\s*)?["']?contract["']?\s*:/m.test(readFileSync(file, 'utf8'));
}

function isAbout({ upstreams }: SystemSpec, contract: unknown): boolean {
  const { calls } = contract as { calls?: object | null };
  const named = Object.keys(calls ?? {});
  const known = Object.values(upstreams).flatMap((upstream) => Object.keys(upstream.calls));
  return named.length === 0 || named.some((name) => known.includes(name));
}

const DEADLINE_MS = 10_000;
