import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import { NotFound } from '../errors/classes.ts';
import { callerOf, type PortalState } from '../http/context.ts';
import { pathId } from '../http/path-id.ts';
import { markDegraded, type RetryAdvice } from '../stats/degraded.ts';
import { multiStatus } from '../stats/multi-status.ts';
import { shown } from '../stats/part.ts';
import type { Stats } from '../stats/stats.ts';
import type { Games } from './games.ts';

export interface GameRouteDependencies {
  readonly games: Games;
  readonly stats: Stats;
  readonly authenticate: Middleware<PortalState>;
  /** After a degraded answer. */
  readonly retryAdvice: RetryAdvice;
}

/** The portal's own API: each part of an answer says itself whether it is there. */
export function addGameRoutesV2(
  router: Router<PortalState>,
  { games, stats, authenticate, retryAdvice }: GameRouteDependencies,
): void {
  router.get('/games/v2/games/:game_id', authenticate, async (ctx) => {
    const game = await games.find(pathId(ctx, 'game_id'));
    if (!game) throw new NotFound('No game has this id.');
    const { leaderboard, playerStats } = await stats.openGame(game.game_id, callerOf(ctx));
    const parts = { leaderboard, 'player-stats': playerStats };
    const degraded = markDegraded(ctx, parts, retryAdvice);
    const meta = multiStatus(ctx, parts, retryAdvice);
    const body = {
      game,
      leaderboard: shown(leaderboard),
      player_stats: shown(playerStats),
      degraded,
      request_id: ctx.state.requestId,
    };
    ctx.body = meta ? { ...body, meta } : body;
  });

  router.get('/games/v2/leaderboard/:product_id', authenticate, async (ctx) => {
    const part = await stats.leaderboard(pathId(ctx, 'product_id'), callerOf(ctx));
    markDegraded(ctx, { leaderboard: part }, retryAdvice);
    ctx.body = shown(part);
  });

  router.get('/games/v2/stats/:product_id', authenticate, async (ctx) => {
    const part = await stats.playerStats(pathId(ctx, 'product_id'), callerOf(ctx));
    markDegraded(ctx, { 'player-stats': part }, retryAdvice);
    ctx.body = shown(part);
  });
}
