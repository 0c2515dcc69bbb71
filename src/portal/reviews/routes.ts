import type { Router } from '@koa/router';
import type { Middleware, Next } from 'koa';
import type { User } from '../accounts/accounts.ts';
import { requireUser, userOf } from '../accounts/require-user.ts';
import { unauthorized } from '../accounts/unauthorized.ts';
import { BadRequest, Conflict, Forbidden, NotFound } from '../errors/classes.ts';
import { gameOf } from '../games/game-of.ts';
import type { Games } from '../games/games.ts';
import { pageOf } from '../games/page.ts';
import type { PortalContext, PortalState } from '../http/context.ts';
import { jsonBody } from '../http/json-body.ts';
import { pathId } from '../http/path-id.ts';
import { DatabaseError } from '../storage/database-error.ts';
import { reviewContent, vote } from './fields.ts';
import type { Review, ReviewContent, Reviews } from './reviews.ts';

export interface ReviewRouteDependencies {
  readonly games: Games;
  readonly reviews: Reviews;
  readonly authenticate: Middleware<PortalState>;
}

/**
 * What players say of a game, one review each. Everybody may read; who writes must be signed in. Each route asks in this order: who calls,
 * whether they may, whether what they sent is right; only then it acts.
 */
export function addReviewRoutes(
  router: Router<PortalState>,
  { games, reviews, authenticate }: ReviewRouteDependencies,
): void {
  router.use(ALL, dataOnly);

  router.get(ALL, authenticate, async (ctx) => {
    const { game_id } = await gameOf(ctx, games, 'game_id');
    ctx.body = await pageOf(ctx, (window) => reviews.list(game_id, window));
  });

  router.post(ALL, authenticate, requireUser, async (ctx) => {
    const content = await jsonBody(ctx, reviewContent);
    const { game_id } = await gameOf(ctx, games, 'game_id');
    const review = await add(game_id, userOf(ctx), content);
    ctx.status = 201;
    ctx.set('Location', `/games/v1/games/${encodeURIComponent(game_id)}/reviews/${review.id}`);
    ctx.body = review;
  });

  router.get(ONE, authenticate, async (ctx) => {
    ctx.body = await reviewOf(ctx);
  });

  router.patch(ONE, authenticate, requireUser, async (ctx) => {
    const { game_id, id, user_id } = await reviewOf(ctx);
    if (user_id === userOf(ctx).id) throw new Forbidden('You may not vote for your own review.');
    const { increase_votes_by } = await jsonBody(ctx, vote);
    ctx.body = there(await reviews.vote(game_id, id, increase_votes_by));
  });

  router.put(ONE, authenticate, requireUser, async (ctx) => {
    const { game_id, id } = await ownReviewOf(ctx);
    const content = await jsonBody(ctx, reviewContent);
    ctx.body = there(await reviews.replace(game_id, id, content));
  });

  router.delete(ONE, authenticate, requireUser, async (ctx) => {
    const { game_id, id } = await ownReviewOf(ctx);
    if (!(await reviews.remove(game_id, id))) throw missing();
    ctx.status = 204;
  });

  async function ownReviewOf(ctx: PortalContext): Promise<Review> {
    const review = await reviewOf(ctx);
    if (review.user_id !== userOf(ctx).id) {
      throw new Forbidden('Only who wrote a review may change it.');
    }
    return review;
  }

  async function reviewOf(ctx: PortalContext): Promise<Review> {
    const id = pathId(ctx, 'id');
    if (!/^(0|[1-9]\d*)$/.test(id)) {
      throw new BadRequest('The id of a review is a whole number.', { code: 'invalid_id' });
    }
    const { game_id } = await gameOf(ctx, games, 'game_id');
    return there(await reviews.find(game_id, Number(id)));
  }

  async function add(gameId: string, user: User, content: ReviewContent): Promise<Review> {
    try {
      return await reviews.add(gameId, user.id, content);
    } catch (error) {
      if (error instanceof DatabaseError && error.code === '23505') {
        throw new Conflict('You have reviewed this game already.', { cause: error });
      }
      // The game has just been found: it is the player who is not there.
      if (error instanceof DatabaseError && error.code === '23503') {
        throw unauthorized('This account is no more.', 'invalid_token', error);
      }
      throw error;
    }
  }
}

/** A browser must not take what a player wrote for a page. */
function dataOnly(ctx: PortalContext, next: Next): Promise<unknown> {
  ctx.set('X-Content-Type-Options', 'nosniff');
  return next();
}

function there(review: Review | undefined): Review {
  if (!review) throw missing();
  return review;
}

function missing(): NotFound {
  return new NotFound('No review of this game has this id.');
}

const ALL = '/games/v1/games/:game_id/reviews';
const ONE = `${ALL}/:id`;
