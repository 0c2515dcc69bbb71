import { didYouMean } from '../common/suggest.ts';
import { readTokenConfig, TOKEN_SETTINGS, type TokenConfig } from './accounts/settings.ts';
import { ERROR_SETTINGS, readErrorConfig, type ErrorConfig } from './errors/settings.ts';
import { readServices, SERVICE_SETTINGS, type ConfiguredService } from './gateway/settings.ts';
import { HTTP_SETTINGS, readHttpConfig, type HttpConfig } from './http/settings.ts';
import {
  MONITORING_SETTINGS,
  readMonitoringConfig,
  type MonitoringConfig,
} from './monitoring/settings.ts';
import { secretsIn } from './secrets.ts';
import { readSettings, setting, type Env, type Settings } from './settings.ts';
import { readStaleConfig, STALE_SETTINGS, type StaleConfig } from './stats/stale/settings.ts';
import { readStorageConfig, STORAGE_SETTINGS, type StorageConfig } from './storage/settings.ts';
import { POLICY_SETTINGS } from './upstream/policy-settings.ts';
import type { ServiceConfig } from './upstream/service-config.ts';
import { readStatsConfig, STATS_SETTINGS } from './upstream/settings.ts';

/** Everything the portal can be told, complete. Times are in milliseconds, sizes in bytes. */
export interface PortalConfig {
  readonly stats: ServiceConfig;
  /** What is behind the portal beside the stats service. */
  readonly services: readonly ConfiguredService[];
  readonly tokens: TokenConfig;
  readonly monitoring: MonitoringConfig;
  readonly http: HttpConfig;
  readonly errors: ErrorConfig;
  readonly storage: StorageConfig;
  /** Absent where a failed part is to be empty. */
  readonly stale: StaleConfig | undefined;
  readonly logLevel: LogLevel;
  /** Every value among these that nobody else may learn. */
  readonly secrets: readonly string[];
  /** Calls the stats service as the original portal did, without any protection. */
  readonly unprotected: boolean;
}

export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * The portal's configuration from environment variables; an empty variable counts as absent.
 * @throws {BrownoutError} `invalid_config`, naming the variable
 */
export function readConfig(env: Env, overrides: Partial<PortalConfig> = {}): PortalConfig {
  const config: PortalConfig = {
    stats: readStatsConfig(env),
    services: readServices(env),
    tokens: readTokenConfig(env),
    monitoring: readMonitoringConfig(env),
    secrets: secretsIn(Object.keys(SETTINGS), env),
    http: readHttpConfig(env),
    errors: readErrorConfig(env),
    storage: readStorageConfig(env),
    stale: readStaleConfig(env),
    logLevel: readSettings(LOG_SETTINGS, env).LOG_LEVEL,
    unprotected: false,
  };
  return { ...config, ...overrides };
}

function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level) return level;
  throw new RangeError(`unknown level "${text}"${didYouMean(text, LOG_LEVELS)}`);
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const LOG_SETTINGS = {
  LOG_LEVEL: setting(logLevel, 'info', `what is worth a line in the log: ${LOG_LEVELS.join(', ')}`),
};

/** Every variable that the portal reads, for its help; each folder has its own. */
export const SETTINGS: Settings = {
  ...STATS_SETTINGS,
  ...SERVICE_SETTINGS,
  ...POLICY_SETTINGS,
  ...TOKEN_SETTINGS,
  ...MONITORING_SETTINGS,
  ...HTTP_SETTINGS,
  ...ERROR_SETTINGS,
  ...STORAGE_SETTINGS,
  ...STALE_SETTINGS,
  ...LOG_SETTINGS,
};
