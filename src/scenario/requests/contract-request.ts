import type { Contract } from '../format/contract.ts';
import type { RequestSpec } from './request.ts';
import type { OwnRequest } from '../step.ts';

/** The headers of a request that is made as an identity of the system. */
export interface HeadersFor {
  headersFor(as: string | undefined): Readonly<Record<string, string>>;
}

/** The request of a contract. */
export function contractRequest(contract: Contract, session: HeadersFor): RequestSpec {
  const { get, as, headers = {} } = contract.request;
  return {
    method: 'GET',
    path: get,
    headers: { ...headers, ...session.headersFor(as) },
    body: undefined,
  };
}

/** A request that a scenario says itself. */
export function ownRequest(
  { method, path, headers, as, json }: OwnRequest,
  session: HeadersFor,
): RequestSpec {
  return jsonRequest(method, path, { ...headers, ...session.headersFor(as) }, json);
}

/** How long a contract's request may take before it is given up. */
export function deadlineOf({ budget }: Contract): number {
  return Math.max(1000, 2 * budget.degraded);
}

/** The same for a request without a contract, where nothing is said of its time. */
export const DEADLINE_MS = 10_000;

export function jsonRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  json: unknown,
): RequestSpec {
  if (json === undefined) return { method, path, headers, body: undefined };
  return {
    method,
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json),
  };
}
