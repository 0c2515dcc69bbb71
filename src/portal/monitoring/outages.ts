import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { z } from 'zod';
import { nearest } from '../../common/suggest.ts';
import { NotFound } from '../errors/classes.ts';
import type { PortalState } from '../http/context.ts';
import { jsonBody } from '../http/json-body.ts';
import { pathId } from '../http/path-id.ts';
import type { ServiceHandle } from '../upstream/handle.ts';

/**
 * Forced outages: `GET /monitoring/outages` lists the services, `POST /monitoring/outages/:service` with `{"state": "on"}` keeps
 * the portal from calling one until `{"state": "off"}`.
 */
export function addOutageRoutes(
  router: Router<PortalState>,
  {
    services,
    operators,
    log,
  }: {
    readonly services: readonly ServiceHandle[];
    readonly operators: Middleware<PortalState>;
    readonly log: Logger;
  },
): void {
  router.get('/monitoring/outages', operators, (ctx) => {
    ctx.body = { services: services.map(outageOf) };
  });

  router.post('/monitoring/outages/:service', operators, async (ctx) => {
    const service = find(pathId(ctx, 'service'));
    const { state } = await jsonBody(ctx, wanted);
    if (state === 'on') service.forceOutage();
    else service.endOutage();
    const { requestId } = ctx.state;
    log.warn(
      { service: service.name, state, requestId },
      `An operator has switched the forced outage of ${service.name} ${state}`,
    );
    ctx.body = outageOf(service);
  });

  function find(name: string): ServiceHandle {
    const service = services.find((one) => one.name === name);
    if (service) return service;
    const meant = nearest(
      name,
      services.map((one) => one.name),
    );
    const hint = meant === undefined ? '.' : `, did you mean "${meant}"?`;
    throw new NotFound(`No service has this name${hint}`);
  }
}

function outageOf(service: ServiceHandle): object {
  const since = service.forcedSince();
  return {
    service: service.name,
    state: since === undefined ? 'off' : 'on',
    since: since === undefined ? null : new Date(since).toISOString(),
  };
}

const wanted = z.strictObject({ state: z.enum(['on', 'off']) });
