import type { Slice, Window } from '../games/page.ts';

/** A player's review of a game, as clients see it. */
export interface Review {
  readonly id: number;
  readonly game_id: string;
  /** Who wrote it. */
  readonly user_id: string;
  readonly username: string;
  /** 1 to 5. */
  readonly rating_out_of_five: number;
  /** 1 to 2000 characters. */
  readonly text: string;
  readonly votes: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
}

export interface ReviewContent {
  readonly rating_out_of_five: number;
  readonly text: string;
}

/** Where reviews are kept: one of a game by a player. */
export interface Reviews {
  /** The newest first. */
  list(gameId: string, window: Window): Promise<Slice<Review>>;
  find(gameId: string, id: number): Promise<Review | undefined>;
  /** @throws {DatabaseError} 23505 where this player has reviewed this game, 23503 where there is no such game or player */
  add(gameId: string, userId: string, content: ReviewContent): Promise<Review>;
  /** Undefined where there is none. */
  replace(gameId: string, id: number, content: ReviewContent): Promise<Review | undefined>;
  /** Counts votes within the database, so that no two at once are lost. @throws {DatabaseError} 22003 beyond 32 bits */
  vote(gameId: string, id: number, by: number): Promise<Review | undefined>;
  /** Whether there was one. */
  remove(gameId: string, id: number): Promise<boolean>;
}
