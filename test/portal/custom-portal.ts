import { createServer } from 'node:http';
import { listen, type Listening } from '../../src/common/server.ts';
import { createPortal, type PortalDependencies } from '../../src/portal/app.ts';
import type { PortalConfig } from '../../src/portal/config.ts';
import { createLog } from '../../src/portal/log.ts';
import type { LogLine } from './portal-under-test.ts';

export interface CustomPortal extends Listening {
  readonly log: LogLine[];
  /** The same, as it was written. */
  readonly lines: string[];
}

/** A portal with parts of the test's own. */
export async function startCustomPortal(
  config: PortalConfig,
  dependencies: Partial<PortalDependencies>,
): Promise<CustomPortal> {
  const lines: string[] = [];
  const log: LogLine[] = [];
  const write = (line: string) => {
    lines.push(line);
    log.push(JSON.parse(line) as LogLine);
  };
  const portal = createPortal(config, {
    log: createLog(config.logLevel, { write }, config.secrets),
    ...dependencies,
  });
  const handle = portal.app.callback();
  const server = createServer((request, response) => void handle(request, response));
  const listening = await listen(server);
  return {
    ...listening,
    log,
    lines,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await portal.close();
    },
  };
}
