import type { Router } from '@koa/router';
import { callerOf, type PortalContext, type PortalState } from '../http/context.ts';
import { pathId } from '../http/path-id.ts';
import { markDegraded } from '../stats/degraded.ts';
import type { FailedPart, Part } from '../stats/part.ts';
import type { CallName } from '../stats/stats.ts';
import { gameOf } from './game-of.ts';
import { pageOf } from './page.ts';
import type { GameRouteDependencies } from './v2.ts';

/**
 * The API that Varcade's client knows: bare arrays and objects. What failed stands in the header
 * `Degraded: leaderboard;reason=timeout`, which that client does not read and others can.
 */
export function addGameRoutesV1(
  router: Router<PortalState>,
  { games, stats, authenticate, retryAdvice }: GameRouteDependencies,
): void {
  router.get('/games/v1/games', authenticate, async (ctx) => {
    ctx.body = await pageOf(ctx, (window) => games.list(window));
    ctx.set('Cache-Control', 'no-cache');
  });

  router.get('/games/v1/games/:pk', authenticate, async (ctx) => {
    ctx.body = await gameOf(ctx, games, 'pk');
    ctx.set('Cache-Control', 'no-cache');
  });

  router.get('/games/v1/leaderboard/:product_id', authenticate, async (ctx) => {
    const part = await stats.leaderboard(pathId(ctx, 'product_id'), callerOf(ctx));
    bare(ctx, 'leaderboard', part);
  });

  router.get('/games/v1/stats/:product_id', authenticate, async (ctx) => {
    const part = await stats.playerStats(pathId(ctx, 'product_id'), callerOf(ctx));
    bare(ctx, 'player-stats', part);
  });

  function bare(ctx: PortalContext, call: CallName, part: Part<unknown>): void {
    markDegraded(ctx, { [call]: part }, retryAdvice);
    if (part.error) ctx.set('Degraded', flag(call, part));
    ctx.body = part.data;
  }
}

/** A structured field (RFC 9651): `leaderboard;reason=timeout`, with `;stale;age=12` where the data are old. */
function flag(call: CallName, { reason, stale, age }: FailedPart): string {
  return `${call};reason=${reason}` + (stale ? `;stale;age=${age}` : '');
}
