import { z } from 'zod';
import { readPlayerStats } from '../stats/documents.ts';
import type { GatewayRoute } from './service.ts';

/** What the stats service says, and nothing else: a board with one bad row is a bad answer here. */
export const STATS_ROUTES: readonly GatewayRoute[] = [
  {
    path: 'leaderboards/top_ten/:product_id',
    call: 'gateway-leaderboard',
    read: (document) => board.parse(document).slice(0, 10),
  },
  {
    path: 'stats/:product_id/:user_id',
    call: 'gateway-player-stats',
    read: readPlayerStats,
    own: 'user_id',
  },
];

const board = z.array(z.object({ user_id: z.string().min(1), score: z.number() }));
