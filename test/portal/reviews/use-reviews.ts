import { expect } from 'chai';
import { asPlayer, type Answered } from '../portal-under-test.ts';
import type { FreshDatabase, Kind } from '../storage/databases.ts';
import { PATIENT } from '../storage/use-storage.ts';
import { usePortal, type PortalSystem } from '../use-portal.ts';

export interface ReviewSystem extends PortalSystem {
  /** As a player, or as nobody. A body that is no string goes as JSON. */
  ask(method: string, path: string, player?: string, body?: unknown): Promise<Answered>;
  /** Grace's review of exrps; its path. */
  graceReviews(): Promise<string>;
}

export const REVIEWS = '/games/v1/games/exrps/reviews';
export const GOOD = { rating_out_of_five: 4, text: 'Loud, and over too soon.' };

/** A portal of its own for each test, on a database of this kind, and players who write to it. */
export function useReviews(kind?: Kind): ReviewSystem {
  const system = usePortal();
  if (kind) useDatabase(system, kind);
  const ask = async (method: string, path: string, player?: string, body?: unknown) => {
    const headers = player === undefined ? {} : await asPlayer(player);
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return system.portal.send(method, path, { headers, ...(text !== undefined && { body: text }) });
  };
  return Object.assign(system, {
    ask,
    async graceReviews() {
      const { status, headers } = await ask('POST', REVIEWS, 'grace', GOOD);
      expect(status).to.equal(201);
      return headers.location ?? '';
    },
  });
}

/** A database of its own for each test. */
export function useDatabase(
  system: PortalSystem,
  kind: Kind,
  env: Record<string, string> = {},
): void {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await kind.create();
    await system.restartPortal({ DATABASE_URL: database.url, ...PATIENT, ...env });
  });
  // After that of the portal, which lets go of it.
  afterEach(() => database[Symbol.asyncDispose]());
}

/** The places that a refusal names. */
export function pointersOf({ body }: Answered): string[] {
  return body.errors.map(({ pointer }: { pointer: string }) => pointer);
}
