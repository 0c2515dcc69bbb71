import type { Router, RouterContext } from '@koa/router';
import type { Middleware, Next } from 'koa';
import { requireUser, userOf } from '../accounts/require-user.ts';
import type { Catalogue } from '../errors/catalogue.ts';
import { Forbidden } from '../errors/classes.ts';
import { callerOf, type PortalContext, type PortalState } from '../http/context.ts';
import { pathId } from '../http/path-id.ts';
import { aboutCall } from '../log.ts';
import type { Service } from '../upstream/service.ts';
import type { GatewayRoute } from './service.ts';
import { strictError } from './strict-error.ts';

export interface GatewayRouteDependencies {
  readonly authenticate: Middleware<PortalState>;
  readonly catalogue: Catalogue;
  /** When a client should ask again where nobody knows better. */
  readonly retryAfterMs: number;
}

/**
 * Passes on what a service says, to whoever is signed in: its document, or its failure as an error. Where a page of a game would be
 * degraded, this fails.
 */
export function addGatewayRoutes(
  router: Router<PortalState>,
  service: Pick<Service, 'name' | 'call'>,
  routes: readonly GatewayRoute[],
  { authenticate, ...mapping }: GatewayRouteDependencies,
): void {
  for (const { path, call, read, own } of routes) {
    const ask = service.call({ name: call, read });
    const address = `/gateway/${service.name}/${path}`;

    router.get(address, authenticate, requireUser, onlyOwn(own), async (ctx) => {
      const user = userOf(ctx);
      const asked = path
        .split('/')
        .map((part) => (part[0] === ':' ? pathId(ctx, part.slice(1)) : part));
      const about = () => aboutCall(asked, ctx.params['product_id'], user);
      const outcome = await ask({ path: asked, about }, callerOf(ctx));
      if (!outcome.ok) throw strictError(outcome.failure, { service: service.name, ...mapping });
      ctx.set('Cache-Control', 'private, no-cache');
      ctx.body = outcome.value;
    });
  }
}

/** @throws {HttpError} 403 for the id of somebody else */
function onlyOwn(name: string | undefined) {
  return async (ctx: PortalContext, next: Next): Promise<void> => {
    const { params } = ctx as unknown as RouterContext;
    if (name !== undefined && params[name] !== userOf(ctx).id) {
      throw new Forbidden("You may see nobody's stats but your own.");
    }
    await next();
  };
}
