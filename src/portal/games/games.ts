import { CATALOGUE } from './catalogue.ts';
import type { Slice, Window } from './page.ts';

/** A game as clients see it: exactly these nine fields, in this order. */
export interface Game {
  readonly game_id: string;
  readonly name: string;
  readonly desc: string;
  readonly client_url: string;
  readonly cover_art: string | null;
  readonly banner_art: string | null;
  readonly stats_config: string | null;
  /** Active, inactive (hidden) or coming soon. */
  readonly game_state: 'ACT' | 'INA' | 'CMS';
  /** Single player, multiplayer, multiplayer and single player. */
  readonly game_type: 'SPO' | 'MPO' | 'MSP';
}

/** Where games are kept. Inactive games are as if they did not exist. */
export interface Games {
  /** By name. */
  list(window: Window): Promise<Slice<Game>>;
  find(gameId: string): Promise<Game | undefined>;
  /** By the number of its row, from 1. */
  findByNumber(number: number): Promise<Game | undefined>;
}

/** Games in memory. */
export function createGames(catalogue: readonly Game[] = CATALOGUE): Games {
  const visible = catalogue.filter(isVisible);
  const byName = visible.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    list: async ({ offset, limit }) => ({
      count: byName.length,
      results: byName.slice(offset, offset + limit),
    }),
    find: async (gameId) => visible.find((game) => game.game_id === gameId),
    async findByNumber(number) {
      const game = catalogue[number - 1];
      return game && isVisible(game) ? game : undefined;
    },
  };
}

function isVisible(game: Game): boolean {
  return game.game_state !== 'INA';
}
