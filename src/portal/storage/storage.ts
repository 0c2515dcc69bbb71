import type { Accounts } from '../accounts/accounts.ts';
import type { Games } from '../games/games.ts';
import type { Reviews } from '../reviews/reviews.ts';

/** Where the portal keeps what it knows. Opening it sends nothing: the first use connects, migrates and seeds. */
export interface Storage {
  readonly kind: 'sqlite' | 'postgresql';
  readonly games: Games;
  readonly accounts: Accounts;
  readonly reviews: Reviews;
  /** @throws {DatabaseError} unless the database answers */
  check(): Promise<void>;
  close(): Promise<void>;
}
