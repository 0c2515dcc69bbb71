import { z } from 'zod';
import { boardRow, MOST_ROWS, readPlayerStats } from '../stats/documents.ts';
import type { GatewayRoute } from './service.ts';

/** What the stats service says, and nothing else: a board with one bad row is a bad answer here. */
export const STATS_ROUTES: readonly GatewayRoute[] = [
  {
    path: 'leaderboards/top_ten/:product_id',
    call: 'gateway-leaderboard',
    read: (document) => board.parse(document).slice(0, MOST_ROWS),
  },
  {
    path: 'stats/:product_id/:user_id',
    call: 'gateway-player-stats',
    read: readPlayerStats,
    own: 'user_id',
  },
];

const board = z.array(boardRow);
