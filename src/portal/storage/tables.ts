import type { Generated } from 'kysely';
import type { Game } from '../games/games.ts';

/** Every table, as its rows are written and read. */
export interface Tables {
  readonly games: GamesTable;
  readonly accounts: AccountsTable;
  readonly reviews: ReviewsTable;
}

interface GamesTable extends Game {
  /** What v1 calls a game's `pk`. */
  readonly number: Generated<number>;
}

interface AccountsTable {
  readonly id: string;
  readonly username: string;
  /** In lower case. */
  readonly email: string;
  readonly account_type: 'PL' | 'CO';
  readonly location: string;
  readonly password_salt: string;
  readonly password_hash: string;
}

interface ReviewsTable {
  readonly id: Generated<number>;
  readonly game_id: string;
  readonly user_id: string;
  readonly rating_out_of_five: number;
  readonly text: string;
  readonly votes: Generated<number>;
  /** ISO 8601, UTC. */
  readonly created_at: string;
}

/** The numbers that the columns hold: 32 bits, signed. */
export const SMALLEST_INTEGER = -(2 ** 31);
export const LARGEST_INTEGER = 2 ** 31 - 1;

/** Whether a column can hold this text, and so whether it makes sense to look for it: PostgreSQL knows no NUL. */
export function isStorable(text: string): boolean {
  return !text.includes('\0');
}
