import type { Game } from './games.ts';

/** The games that a fresh portal offers. Each one's place, from 1, is its number in v1. */
export const CATALOGUE: readonly Game[] = [
  {
    game_id: 'exrps',
    name: 'Exploding Rock Paper Scissors',
    desc: 'The oldest argument in the world, settled with fireworks.',
    client_url: 'http://localhost:8090/',
    cover_art: null,
    banner_art: null,
    stats_config: null,
    game_state: 'ACT',
    game_type: 'MSP',
  },
  {
    game_id: 'test_game',
    name: 'Test Game',
    desc: 'The stats service keeps no statistics for this one: its players have a board only.',
    client_url: 'http://localhost:8091/',
    cover_art: null,
    banner_art: null,
    stats_config: null,
    game_state: 'ACT',
    game_type: 'SPO',
  },
  {
    game_id: 'moonhop',
    name: 'Moon Hop',
    desc: 'Jump far, land softly. Coming soon.',
    client_url: 'http://localhost:8092/',
    cover_art: null,
    banner_art: null,
    stats_config: null,
    game_state: 'CMS',
    game_type: 'MPO',
  },
  {
    game_id: 'retired',
    name: 'Attic Attack',
    desc: 'Withdrawn from play.',
    client_url: 'http://localhost:8093/',
    cover_art: null,
    banner_art: null,
    stats_config: null,
    game_state: 'INA',
    game_type: 'SPO',
  },
];
