import type { Outgoing } from './plugs/plug.ts';
import { segment } from './segment.ts';

/** What is asked. */
export interface Ask {
  /** Each is one segment of the path, not encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Outgoing['headers'];
  /** What the plugs make a body of. */
  readonly body?: unknown;
  /** What the log says of the call; asked only where a line is written. */
  readonly about?: () => About;
}

/** What the log says of a call beside what it knows itself. */
export interface About {
  /** The path as the log may show it, where that is another than the one that is sent: people are named by a hash. */
  readonly path?: readonly string[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** @throws {HttpError} 400 `invalid_id` */
export function urlOf(baseUrl: string, { path, query }: Pick<Ask, 'path' | 'query'>): string {
  let url = baseUrl;
  for (const id of path) url += `/${segment(id)}`;
  return query ? `${url}?${new URLSearchParams(query).toString()}` : url;
}
