import { NotFound } from '../errors/classes.ts';

/** A page of a list; `next` and `previous` are whole addresses. */
export interface Page<T> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly T[];
}

/**
 * The page that the query of `address` asks for with `page` (from 1) and `page_size` (at most 15, which is also what a size that is
 * no number means).
 * @throws {HttpError} 404 for a page that is not there
 */
export function pageOf<T>(items: readonly T[], address: string, query: URLSearchParams): Page<T> {
  const size = Math.min(positive(query.get('page_size')) ?? LARGEST, LARGEST);
  const number = positive(query.get('page') ?? '1');
  const last = Math.max(1, Math.ceil(items.length / size));
  if (!number || number > last) throw new NotFound('Invalid page.');
  const at = (page: number) => {
    const there = new URLSearchParams(query);
    there.set('page', String(page));
    return `${address}?${there.toString()}`;
  };
  return {
    count: items.length,
    next: number < last ? at(number + 1) : null,
    previous: number > 1 ? at(number - 1) : null,
    results: items.slice((number - 1) * size, number * size),
  };
}

function positive(text: string | null): number | undefined {
  const value = text !== null && /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return value > 0 ? value : undefined;
}

const LARGEST = 15;
