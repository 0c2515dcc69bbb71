import type { Router } from '@koa/router';
import type { PortalState } from '../http/context.ts';

/** `GET /health`: the portal itself is up. It says nothing of other services: without them the portal still serves. */
export function addHealthRoute(router: Router<PortalState>): void {
  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' };
  });
}
