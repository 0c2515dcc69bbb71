import type { PortalUnderTest } from '../portal-under-test.ts';

/** What was answered, but for what is another thing each time. */
export type Settled = readonly {
  readonly what: string;
  readonly status: number;
  readonly body: unknown;
}[];

/** Asks all that needs no stats service, at once. */
export function apartFromStats(portal: PortalUnderTest): Promise<Settled> {
  return Promise.all(
    ASKED.map(async ([method, path, body]) => {
      const headers = { host: 'portal', ...(body && { 'content-type': 'application/json' }) };
      const answered = await portal.send(method, path, {
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      return { what: `${method} ${path}`, status: answered.status, body: shapeOf(answered.body) };
    }),
  );
}

/** Tokens are other ones each time. */
function shapeOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('access' in body)) return body;
  return Object.keys(body).sort();
}

const ASKED: readonly (readonly [string, string, object?])[] = [
  ['GET', '/games/v1/games/'],
  ['GET', '/games/v1/games/?page_size=1&page=2'],
  ['GET', '/games/v1/games/1/'],
  ['GET', '/health'],
  ['POST', '/token/', { email: 'ada@example.test', password: 'ada-plays-fair' }],
];
