import { z } from 'zod';
import type { GatewayService } from './service.ts';

/** The service that brings players together. It is there when MATCHMAKER_URL says where; this is all that it takes. */
export const MATCHMAKER: GatewayService = {
  name: 'matchmaker',
  prefix: 'MATCHMAKER',
  routes: [{ path: 'lobby/:product_id', call: 'lobby', read: (document) => lobby.parse(document) }],
  errors: { full: { status: 409, message: 'This game has all the players that it takes.' } },
};

const lobby = z.array(z.object({ game_id: z.string(), players: z.number().int() }));
