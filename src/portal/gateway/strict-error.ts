import type { Catalogue } from '../errors/catalogue.ts';
import {
  BadGateway,
  GatewayTimeout,
  ServiceUnavailable,
  TooManyRequests,
} from '../errors/classes.ts';
import { httpError } from '../errors/factory.ts';
import type { HttpError } from '../errors/http-error.ts';
import type { CallFailure } from '../upstream/failure.ts';

export interface StrictErrorOptions {
  /** `stats` */
  readonly service: string;
  readonly catalogue: Catalogue;
  /** After how many milliseconds to ask again where nobody knows better. */
  readonly retryAfterMs: number;
}

/**
 * What a failed call is to a client that asked for this service. A 4xx is about what the client asked: it keeps its status, and what the
 * service said. All else is trouble behind the portal. What the catalogue has for the service's code comes before both.
 */
export function strictError(failure: CallFailure, options: StrictErrorOptions): HttpError {
  const { reason, said, since } = failure;
  const the = `The ${options.service} service`;
  const told = { cause: failure, retryAfterMs: failure.retryAfterMs };
  const later = { cause: failure, retryAfterMs: failure.retryAfterMs ?? options.retryAfterMs };
  switch (reason) {
    case 'timeout':
      return new GatewayTimeout(`${the} did not answer in time.`, told);
    case 'unreachable':
      return new ServiceUnavailable(`${the} cannot be reached now.`, later);
    case 'circuit_open':
      return new ServiceUnavailable(`${the} has been out since ${iso(since)}.`, later);
    case 'forced':
      return new ServiceUnavailable(`${the} has been switched off since ${iso(since)}.`, later);
    case 'rate_limited':
      return new TooManyRequests(said ?? `${the} is asked too often.`, later);
    case 'invalid_response':
      return new BadGateway(`${the} gave no usable answer.`, told);
    case 'bad_status':
      return badStatus(failure, options);
  }
}

function badStatus(failure: CallFailure, { service, catalogue }: StrictErrorOptions): HttpError {
  const { status = 0, said, saidCode, retryAfterMs } = failure;
  const known = saidCode && catalogue.find(service, saidCode, { cause: failure });
  if (known) return known;
  const told = { cause: failure, retryAfterMs };
  if (isAboutTheRequest(status)) return httpError(status, said, told);
  return status === 504
    ? new GatewayTimeout(`The ${service} service waited in vain for another one.`, told)
    : new BadGateway(`The ${service} service gave no usable answer.`, told);
}

function isAboutTheRequest(status: number): boolean {
  return status >= 400 && status < 500 && !BETWEEN_US.has(status);
}

function iso(since: number | undefined): string {
  return new Date(since ?? 0).toISOString();
}

/**
 * What these say is about the portal as a client of the service: who it is (401, 403, 407), by which method it asks (405), and the
 * connection between the two. A client of the portal would take them to heart, and mend the wrong thing.
 */
const BETWEEN_US: ReadonlySet<number> = new Set([
  401, 403, 405, 407, 408, 411, 417, 421, 425, 426, 431,
]);
