import type { Logger } from 'pino';
import type { Accounts } from './accounts/accounts.ts';
import type { PortalConfig } from './config.ts';
import { unprotectedService } from './gateway/unprotected.ts';
import { createProtectedStats } from './stats/protected.ts';
import { withStaleFallback } from './stats/stale/fallback.ts';
import { createStaleStore, type StaleStore } from './stats/stale/store.ts';
import type { Stats } from './stats/stats.ts';
import { createUnprotectedStats } from './stats/unprotected.ts';
import type { ServiceHandle } from './upstream/handle.ts';
import type { ServiceConfig } from './upstream/service-config.ts';
import type { Service } from './upstream/service.ts';
import type { RandomHex } from './upstream/trace.ts';
import { openTransport, type Fetch } from './upstream/transport.ts';

/** The stats service, as each part of the portal has to do with it. */
export interface StatsConnection {
  /** For the pages of games, which do without what fails. */
  readonly forPages: Stats;
  /** For the gateway, which passes on what fails. */
  readonly forGateway: Pick<Service, 'name' | 'call'>;
  /** For operators: what calls without protection has nothing that could be watched or switched off. */
  readonly forOperators: readonly ServiceHandle[];
  readonly close: () => void;
}

export interface StatsConnectionDependencies {
  readonly connect: (service: ServiceConfig) => Service;
  readonly fetch: Fetch;
  readonly accounts: Accounts;
  readonly randomHex: RandomHex;
  readonly log: Logger;
  readonly now: () => number;
  /** Where the last good answers are kept, if the configuration wants them kept; in memory unless given. */
  readonly staleStore?: StaleStore | undefined;
}

/** Nothing is sent until it is asked. */
export function connectStats(
  config: PortalConfig,
  dependencies: StatsConnectionDependencies,
): StatsConnection {
  return (config.unprotected ? connectUnprotected : connectProtected)(config, dependencies);
}

function connectProtected(
  config: PortalConfig,
  { connect, accounts, log, now, staleStore }: StatsConnectionDependencies,
): StatsConnection {
  const service = connect(config.stats);
  const stats = createProtectedStats(service, { accounts, log, now });
  const store = config.stale && (staleStore ?? createStaleStore(config.stale, now));
  return {
    forPages: store ? withStaleFallback(stats, store, log) : stats,
    forGateway: service,
    forOperators: [service],
    close: () => service.close(),
  };
}

/** The twin, on which a scenario can be seen to fail. */
function connectUnprotected(
  { stats }: PortalConfig,
  { fetch, accounts, randomHex }: StatsConnectionDependencies,
): StatsConnection {
  const transport = openTransport(fetch, stats);
  return {
    forPages: createUnprotectedStats(stats.baseUrl, { transport, randomHex, accounts }),
    forGateway: unprotectedService(stats.name, stats.baseUrl, transport),
    forOperators: [],
    close: () => transport.close(),
  };
}
