import type { Env, Settings } from '../settings.ts';
import type { ServiceConfig } from '../upstream/service-config.ts';
import { isConfigured, readServiceConfig, serviceSettings } from '../upstream/settings.ts';
import { MATCHMAKER } from './matchmaker.ts';
import type { GatewayService } from './service.ts';

/** A service that is there, and how it is reached. */
export interface ConfiguredService extends GatewayService {
  readonly config: ServiceConfig;
}

/**
 * Those of the services whose `<PREFIX>_URL` says where they are.
 * @throws {BrownoutError} `invalid_config`, naming the variable
 */
export function readServices(
  env: Env,
  services: readonly GatewayService[] = SERVICES,
): readonly ConfiguredService[] {
  return services
    .filter((service) => isConfigured(service, env))
    .map((service) => ({ ...service, config: readServiceConfig(service, env) }));
}

/** Every service beside the stats service. Another one is one more entry. */
const SERVICES: readonly GatewayService[] = [MATCHMAKER];

export const SERVICE_SETTINGS: Settings = Object.assign({}, ...SERVICES.map(serviceSettings));
