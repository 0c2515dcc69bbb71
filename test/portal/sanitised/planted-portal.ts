import { RENDERERS, type ErrorFormat } from '../../../src/portal/errors/renderers/index.ts';
import { listen } from '../../../src/common/server.ts';
import { createPortal, type RouteFacts } from '../../../src/portal/app.ts';
import { readConfig } from '../../../src/portal/config.ts';
import { createPortalServer } from '../../../src/portal/http/server.ts';
import { createLog } from '../../../src/portal/log.ts';
import { folder } from '../../helpers/folder.ts';
import { startStub } from '../stub-stats.ts';
import type { Plant } from './planted.ts';
import { CREDENTIALS } from './secrets.ts';

export interface PlantedPortal {
  readonly url: string;
  readonly routes: readonly RouteFacts[];
  /** What the portal has logged so far, as it is written. */
  readonly log: string[];
}

/** How the portal is run while secrets are planted. */
export interface Conditions {
  readonly nodeEnv: string;
  readonly format: ErrorFormat;
}

/** A portal with a plant: all that it says, to clients and to its log, can be looked at. */
export async function withPlanted(
  plant: Plant,
  { nodeEnv, format }: Conditions,
  work: (portal: PlantedPortal) => Promise<void>,
): Promise<void> {
  await using stub = await startStub();
  if (plant.stats) Object.assign(stub, { board: plant.stats, stats: plant.stats });
  using files = folder();
  const { env = {}, end } = (await plant.env?.(files)) ?? {};
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = nodeEnv;
  try {
    const config = readConfig({
      STATS_TRACKER_URL: stub.url,
      MATCHMAKER_URL: stub.url,
      STATS_KEYS: `${CREDENTIALS.key},${CREDENTIALS.otherKey}`,
      JWT_SECRET: CREDENTIALS.jwt,
      OPERATOR_TOKEN: CREDENTIALS.operator,
      ERROR_FORMAT: format,
      LOG_LEVEL: 'trace',
      ...QUICK,
      NODE_ENV: nodeEnv,
      ...env,
    });
    const log: string[] = [];
    const sink = { write: (line: string) => void log.push(line) };
    const portal = createPortal(config, {
      log: createLog(config.logLevel, sink, config.secrets),
      ...plant.dependencies,
    });
    // Behind what answers errors, before the routes.
    if (plant.middleware) portal.app.middleware.splice(-2, 0, plant.middleware);
    const handle = portal.app.callback();
    const server = createPortalServer(
      (request, response) => void handle(request, response),
      config.http,
      RENDERERS[config.errors.format],
    );
    const listening = await listen(server);
    try {
      await work({ url: listening.url, routes: portal.routes, log });
    } finally {
      await portal.close();
      await listening[Symbol.asyncDispose]();
    }
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
    await end?.[Symbol.asyncDispose]();
  }
}

const QUICK = {
  ATTEMPT_TIMEOUT: '40ms',
  PAGE_DEADLINE: '100ms',
  DATABASE_TIMEOUT: '300ms',
  GUESS_LIMIT: '1000000/1s',
};
