import { createServer, type RequestListener } from 'node:http';
import { listen, type Listening } from '../common/server.ts';
import { createMockStats, type MockStats, type MockStatsOptions } from './app.ts';

export interface StartMockStatsOptions extends MockStatsOptions {
  /** Of the data port; 0, the default, lets the system choose. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Opens the control routes on a port of their own on 127.0.0.1. */
  readonly control?: boolean | undefined;
  /** That port; 0 lets the system choose. Giving it opens the control routes. */
  readonly controlPort?: number | undefined;
}

/** A mock stats service that listens. Disposing it ends every connection on both ports. */
export interface RunningMockStats extends MockStats, Listening {
  /** `http://127.0.0.1:port` of the control routes, when they are open. */
  readonly controlUrl?: string;
}

/**
 * Starts a mock stats service; any number of them may run in one process.
 * @throws {InvalidError} when `data` does not fit its format
 * @throws {BrownoutError} `port_taken` when another process has a port
 */
export async function startMockStats(
  options: StartMockStatsOptions = {},
): Promise<RunningMockStats> {
  const { port, host, controlPort, control = controlPort !== undefined } = options;
  const stats = createMockStats(options);
  const data = await listen(serverFor(stats.handle), port, host);
  if (!control) return { ...stats, ...data };
  try {
    const controlled = await listen(serverFor(stats.handleControl), controlPort);
    return {
      ...stats,
      ...data,
      controlUrl: controlled.url,
      async [Symbol.asyncDispose]() {
        await Promise.all([data[Symbol.asyncDispose](), controlled[Symbol.asyncDispose]()]);
      },
    };
  } catch (error) {
    await data[Symbol.asyncDispose]();
    throw error;
  }
}

/** An idle connection is never closed from this side: a client that is just using it again would see a fault that nobody injected. */
function serverFor(handle: RequestListener) {
  return createServer({ keepAliveTimeout: 0 }, handle);
}
