import { createServer } from 'node:http';
import type { DestinationStream } from 'pino';
import { listen, type Listening } from '../common/server.ts';
import { createPortal } from './app.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';

export interface StartOptions {
  /** Where the configuration is read from; see `readConfig`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly unprotected?: boolean;
  /** 0 lets the system choose. */
  readonly port?: number;
  readonly host?: string;
  /** Receives a JSON line for each thing worth saying; standard error unless told otherwise. */
  readonly logTo?: DestinationStream;
}

/**
 * Starts a portal. Disposing it closes every connection, to clients and to the stats service, and every timer.
 * @throws {BrownoutError} `invalid_config` or `port_taken`
 */
export async function startPortal(options: StartOptions = {}): Promise<Listening> {
  const { env = {}, unprotected = false, port = 0, host = '127.0.0.1', logTo } = options;
  const config = readConfig(env, { unprotected });
  const { logLevel, secrets } = config;
  const portal = createPortal(config, { log: createLog(logLevel, logTo, secrets) });
  const handle = portal.app.callback();
  const server = createServer((request, response) => void handle(request, response));
  const listening = await listen(server, port, host);
  return {
    ...listening,
    async [Symbol.asyncDispose]() {
      await portal.close();
      await listening[Symbol.asyncDispose]();
    },
  };
}
