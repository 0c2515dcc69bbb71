import { BadGateway } from './classes.ts';
import { httpError } from './factory.ts';
import type { HttpError, HttpErrorOptions } from './http-error.ts';

/** What clients are told where another service answers with a code of its own, such as `RX139`. */
export interface CatalogueEntry extends Pick<
  HttpErrorOptions,
  'code' | 'retryAfterMs' | 'severity'
> {
  readonly status: number;
  readonly message: string;
}

export type CatalogueEntries = Readonly<Record<string, CatalogueEntry>>;

export interface CatalogueOptions {
  /** Entries that hold for one service, by its name, and win over those for all. */
  readonly services?: Readonly<Record<string, CatalogueEntries>>;
  /** Told, once for each code, that an entry is wanting. */
  readonly hint?: (line: string) => void;
}

/** Translates the codes of other services. */
export interface Catalogue {
  /** The error for the client: that of the entry, or a 502 that tells nothing. Its code is the service's, unless the entry has one. */
  error(service: string, code: string, options?: ErrorOptions): HttpError;
  /** The same, but nothing where there is no entry. */
  find(service: string, code: string, options?: ErrorOptions): HttpError | undefined;
}

/** @throws {TypeError | RangeError} for an entry whose status is none of 400 to 599, or whose message is blank */
export function createCatalogue(
  entries: CatalogueEntries,
  { services = {}, hint }: CatalogueOptions = {},
): Catalogue {
  const known = new Map(flatten(entries, ''));
  for (const [service, own] of Object.entries(services)) {
    for (const [key, entry] of flatten(own, service)) known.set(key, entry);
  }
  for (const { status, message } of known.values()) httpError(status, message);
  const hinted = new Set<string>();

  const find: Catalogue['find'] = (service, code, options = {}) => {
    const entry = known.get(keyOf(service, code)) ?? known.get(keyOf('', code));
    if (entry) {
      const { status, message, ...rest } = entry;
      return httpError(status, message, { code, ...rest, ...options });
    }
    const key = keyOf(service, code);
    // A service that makes up codes must not fill the memory.
    if (!hinted.has(key) && hinted.size < MOST_HINTS) {
      hinted.add(key);
      hint?.(wanting(service, code));
    }
    return undefined;
  };

  return {
    find,
    error: (service, code, options) =>
      find(service, code, options) ?? new BadGateway(undefined, options),
  };
}

function flatten(entries: CatalogueEntries, service: string): [string, CatalogueEntry][] {
  return Object.entries(entries).map(([code, entry]) => [keyOf(service, code), entry]);
}

function keyOf(service: string, code: string): string {
  return JSON.stringify([service, code]);
}

function wanting(service: string, code: string): string {
  const shown = JSON.stringify(code.slice(0, LONGEST));
  return `${service} answered with the code ${shown}, which is not in the catalogue: add an entry that says what clients are told`;
}

const MOST_HINTS = 1000;
const LONGEST = 100;
