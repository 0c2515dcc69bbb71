import { BrownoutError } from '../common/errors.ts';
import { contractsBeside } from '../scenario/load/contracts-beside.ts';
import type { Files } from '../scenario/load/files.ts';
import type { Contract } from '../scenario/format/contract.ts';
import type { RequestSpec } from '../scenario/requests/request.ts';
import { contractRequest, deadlineOf } from '../scenario/requests/contract-request.ts';
import type { Session } from '../scenario/run/session.ts';
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
  return contractsBeside(file, system, files).map(({ contract }) => probeOf(contract));
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

const DEADLINE_MS = 10_000;
