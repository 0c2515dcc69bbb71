import type { StatsEvent } from './events.ts';

/** A player's place on a board. */
export interface BoardRow {
  readonly user_id: string;
  readonly score: number;
}

/** What one product starts with: scores by user id, and counts (as strings) by user id and name. */
export interface ProductData {
  readonly scores?: Readonly<Record<string, number>> | undefined;
  readonly stats?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/** Scores and stats, in the shapes in which the original keeps them in Redis: a sorted set and hashes of strings. */
export interface StatsStore {
  /** Everybody with a score, best first; empty for a product nobody has heard of. */
  board(product: string): readonly BoardRow[];
  /** A player's counts, empty for an unknown player; undefined for a product that has no stats handler. */
  stats(product: string, user: string): ReadonlyMap<string, string> | undefined;
  record(event: StatsEvent): void;
}

/** A store that starts with `products`. They and `default` are the products that stats can be asked for. */
export function createStore(products: Readonly<Record<string, ProductData>>): StatsStore {
  const known = new Set(['default', ...Object.keys(products)]);
  const boards = new Map<string, Map<string, number>>();
  const players = new Map<string, Map<string, Map<string, string>>>();
  for (const [product, { scores = {}, stats = {} }] of Object.entries(products)) {
    boards.set(product, new Map(Object.entries(scores)));
    const counts = Object.entries(stats).map(
      ([user, own]) => [user, new Map(Object.entries(own))] as const,
    );
    players.set(product, new Map(counts));
  }

  const addScore = (product: string, user: string, by: number): void => {
    const board = entry(boards, product, () => new Map());
    board.set(user, (board.get(user) ?? 0) + by);
  };
  const count = (product: string, user: string, name: string, by: number): void => {
    const counts = entry(
      entry(players, product, () => new Map()),
      user,
      () => new Map<string, string>(),
    );
    counts.set(name, String(Number(counts.get(name) ?? 0) + by));
  };

  return {
    board: (product) =>
      [...(boards.get(product) ?? [])]
        .map(([user_id, score]) => ({ user_id, score }))
        .sort((a, b) => b.score - a.score || compareBytes(b.user_id, a.user_id)),
    stats: (product, user) =>
      known.has(product) ? (players.get(product)?.get(user) ?? new Map()) : undefined,
    record(event) {
      const product = event.product_id;
      if (event.type !== 'game_over') {
        count(product, event.user_id, WEAPONS[event.event_data], 1);
        return;
      }
      for (const [user, won] of [
        [event.winner_id, 1],
        [event.loser_id, 0],
      ] as const) {
        // The loser's score is written too, unchanged, so whoever has played stands on the board.
        addScore(product, user, won);
        count(product, user, 'games', 1);
        count(product, user, 'wins', won);
        count(product, user, 'losses', 1 - won);
      }
    },
  };
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key) ?? create();
  map.set(key, found);
  return found;
}

/** Redis breaks ties by bytes; JavaScript's own order, by UTF-16 units, differs beyond U+FFFF. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const WEAPONS = {
  '0': 'rock_selection_count',
  '1': 'paper_selection_count',
  '2': 'scissors_selection_count',
  null: 'botch_selection_count',
} as const;
