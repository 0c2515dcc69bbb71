import type { DestinationStream } from 'pino';
import { listen, type Listening } from '../common/server.ts';
import { createPortal } from './app.ts';
import { readConfig } from './config.ts';
import { RENDERERS } from './errors/renderers/index.ts';
import { createPortalServer } from './http/server.ts';
import { watchRequests } from './http/stop.ts';
import { createLog } from './log.ts';
import type { Env } from './settings.ts';

export interface StartOptions {
  /** Where the configuration is read from; see `readConfig`. */
  readonly env?: Env;
  readonly unprotected?: boolean;
  /** 0 lets the system choose. */
  readonly port?: number;
  readonly host?: string;
  /** Receives a JSON line for each thing worth saying; standard error unless told otherwise. */
  readonly logTo?: DestinationStream;
}

/**
 * Starts a portal. Disposing it lets requests under way go on for `STOP_GRACE`, then ends their calls, so that what degrades is still
 * answered, and closes every connection and timer.
 * @throws {BrownoutError} `invalid_config` or `port_taken`
 */
export async function startPortal(options: StartOptions = {}): Promise<Listening> {
  const { env = {}, unprotected = false, port = 0, host = '127.0.0.1', logTo } = options;
  const config = readConfig(env, { unprotected });
  const { logLevel, secrets } = config;
  const portal = createPortal(config, { log: createLog(logLevel, logTo, secrets) });
  const handle = portal.app.callback();
  const server = createPortalServer(
    (request, response) => void handle(request, response),
    config.http,
    RENDERERS[config.errors.format],
  );
  const underWay = watchRequests(server);
  const listening = await listen(server, port, host);
  return {
    ...listening,
    async [Symbol.asyncDispose]() {
      await underWay.finish(config.http.stopGraceMs);
      await portal.close();
      await underWay.finish(LAST_WORDS_MS);
      await listening[Symbol.asyncDispose]();
    },
  };
}

/** What answers are given once their calls have ended. */
const LAST_WORDS_MS = 100;
