import { NotFound } from '../errors/classes.ts';
import type { PortalContext } from '../http/context.ts';

/** A page of a list; `next` and `previous` are whole addresses. */
export interface Page<T> {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly T[];
}

/** The part of a list that is asked for, as databases take it. */
export interface Window {
  readonly offset: number;
  /** 1 to 15. */
  readonly limit: number;
}

/** A part of a list; `count` is of the whole list. */
export interface Slice<T> {
  readonly count: number;
  readonly results: readonly T[];
}

/**
 * The page that a request asks for with `page` (from 1) and `page_size` (at most 15, which is also what a size that is no number
 * means). `read` gets the part of the list that stands on it.
 * @throws {HttpError} 404 for a page that is not there
 */
export async function pageOf<T>(
  ctx: PortalContext,
  read: (window: Window) => Promise<Slice<T>>,
): Promise<Page<T>> {
  const query = new URLSearchParams(ctx.querystring);
  const limit = Math.min(positive(query.get('page_size')) ?? LARGEST, LARGEST);
  const number = positive(query.get('page') ?? '1');
  if (!number) throw noSuchPage();
  const { count, results } = await read({ offset: (number - 1) * limit, limit });
  const last = Math.max(1, Math.ceil(count / limit));
  if (number > last) throw noSuchPage();
  const at = (page: number) => {
    query.set('page', String(page));
    return `${ctx.protocol}://${ctx.host}${ctx.path}?${query.toString()}`;
  };
  return {
    count,
    next: number < last ? at(number + 1) : null,
    previous: number > 1 ? at(number - 1) : null,
    results,
  };
}

function positive(text: string | null): number | undefined {
  // Eight digits: a database counts rows within 32 bits, and there are up to 15 on a page.
  const value = text !== null && /^\d{1,8}$/.test(text) ? Number(text) : 0;
  return value > 0 ? value : undefined;
}

function noSuchPage(): NotFound {
  return new NotFound('Invalid page.', { code: 'invalid_page' });
}

const LARGEST = 15;
