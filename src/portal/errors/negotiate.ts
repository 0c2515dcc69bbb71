import type { Context } from 'koa';
import type { Renderer } from './renderer.ts';
import { RENDERERS } from './renderers/index.ts';

/** Gives each request the renderer that its Accept header asks for; the preferred one where it asks for none that there is. */
export function negotiator(preferred: Renderer): (ctx: Context) => Renderer {
  const others = Object.values(RENDERERS).filter((renderer) => renderer !== preferred);
  const byType = new Map<string, Renderer>();
  const offer = (types: readonly string[], renderer: Renderer) => {
    for (const type of types) if (!byType.has(type)) byType.set(type, renderer);
  };
  offer([bare(preferred.type), ...preferred.suits], preferred);
  for (const renderer of others) offer([bare(renderer.type), ...renderer.suits], renderer);
  const types = [...byType.keys()];
  return (ctx) => byType.get(ctx.accepts(types) || '') ?? preferred;
}

function bare(type: string): string {
  return type.replace(/;.*/, '');
}
