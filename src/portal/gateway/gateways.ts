import type { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { createCatalogue } from '../errors/catalogue.ts';
import type { PortalState } from '../http/context.ts';
import type { ServiceConfig } from '../upstream/service-config.ts';
import type { Service } from '../upstream/service.ts';
import { addGatewayRoutes } from './routes.ts';
import type { ConfiguredService } from './settings.ts';
import { STATS_ROUTES } from './stats.ts';

export interface GatewaysDependencies {
  readonly stats: Pick<Service, 'name' | 'call'>;
  /** Those beside the stats service. */
  readonly services: readonly ConfiguredService[];
  readonly connect: (config: ServiceConfig) => Service;
  readonly authenticate: Middleware<PortalState>;
  readonly log: Logger;
  /** When a client should ask again where nobody knows better. */
  readonly retryAfterMs: number;
}

/** The routes of every service that clients may ask strictly. Gives the services that it has connected, to be closed by the caller. */
export function addGateways(
  router: Router<PortalState>,
  { stats, services, connect, log, ...rest }: GatewaysDependencies,
): readonly Service[] {
  const messages = services.map(({ name, errors = {} }) => [name, errors]);
  const catalogue = createCatalogue(
    {},
    { services: Object.fromEntries(messages), hint: (line) => log.warn(line) },
  );
  addGatewayRoutes(router, stats, STATS_ROUTES, { catalogue, ...rest });
  return services.map(({ config, routes }) => {
    const service = connect(config);
    addGatewayRoutes(router, service, routes, { catalogue, ...rest });
    return service;
  });
}
