import type { Router } from '@koa/router';
import type { Logger } from 'pino';
import { createCatalogue } from '../errors/catalogue.ts';
import type { PortalState } from '../http/context.ts';
import type { ServiceConfig } from '../upstream/service-config.ts';
import type { Service } from '../upstream/service.ts';
import { addGatewayRoutes, type GatewayRouteDependencies } from './routes.ts';
import type { ConfiguredService } from './settings.ts';
import { STATS_ROUTES } from './stats.ts';

export interface GatewaysDependencies extends Omit<GatewayRouteDependencies, 'catalogue'> {
  readonly stats: Pick<Service, 'name' | 'call'>;
  /** Those beside the stats service. */
  readonly services: readonly ConfiguredService[];
  readonly connect: (config: ServiceConfig) => Service;
  readonly log: Logger;
}

/** The routes of every service that clients may ask strictly. Gives the services that it has connected, to be closed by the caller. */
export function addGateways(
  router: Router<PortalState>,
  { stats, services, connect, log, ...rest }: GatewaysDependencies,
): readonly Service[] {
  const entries = services.map(({ name, errors = {} }) => [name, errors]);
  const catalogue = createCatalogue(
    {},
    { services: Object.fromEntries(entries), hint: (line) => log.warn(line) },
  );
  addGatewayRoutes(router, stats, STATS_ROUTES, { catalogue, ...rest });
  return services.map(({ config, routes }) => {
    const service = connect(config);
    addGatewayRoutes(router, service, routes, { catalogue, ...rest });
    return service;
  });
}
