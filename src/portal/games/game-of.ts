import { NotFound } from '../errors/classes.ts';
import type { PortalContext } from '../http/context.ts';
import { pathId } from '../http/path-id.ts';
import type { Game, Games } from './games.ts';

/**
 * The game that a route's path names, by its id or by its number.
 * @throws {HttpError} 404 where there is none
 */
export async function gameOf(ctx: PortalContext, games: Games, name: string): Promise<Game> {
  const id = pathId(ctx, name);
  const game = /^\d+$/.test(id) ? await games.findByNumber(Number(id)) : await games.find(id);
  if (!game) throw new NotFound('No game has this id.');
  return game;
}
