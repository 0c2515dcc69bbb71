import type { Context } from 'koa';
import { createErrorRegistry, type ErrorRegistry } from '../../../src/portal/errors/index.ts';

/** The errors of a game of chance, for tests of who handles what. */
export class GameError extends Error {}
export class Win extends GameError {}
export class Lose extends GameError {}

/** A handler that answers 200 with this text. */
export function say(text: string) {
  return (_error: Error, ctx: Context): void => {
    ctx.status = 200;
    ctx.body = text;
  };
}

/** A registry whose handler of Win does nothing. */
export function mute(): { readonly registry: ErrorRegistry } {
  const registry = createErrorRegistry();
  registry.handle(Win, () => {});
  return { registry };
}
