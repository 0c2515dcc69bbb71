import { randomInt } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { BrownoutError } from '../common/errors.ts';
import { listen, type Listening } from '../common/server.ts';

type OnConnection = (socket: Socket) => void;

export function serverFor(onConnection: OnConnection): Server {
  const server = createServer(SOCKETS, onConnection);
  // A connection that could not be accepted (no descriptors left) must not end the process.
  server.on('error', () => {});
  return server;
}

/**
 * Listens on a port, or draws one below Linux's ephemeral range: one that `listen(0)` gave may be handed to another
 * program while it is closed. The draw is not seeded: two runs with one seed must not fight for the same ports.
 * @throws {BrownoutError} `port_taken`
 */
export async function bind(
  onConnection: OnConnection,
  host: string,
  port: number | undefined,
): Promise<Listening> {
  if (port !== undefined) return listen(serverFor(onConnection), port, host);
  for (let tries = 1; ; tries++) {
    try {
      const drawn = randomInt(DRAWN_PORTS[0], DRAWN_PORTS[1] + 1);
      return await listen(serverFor(onConnection), drawn, host);
    } catch (error) {
      const taken = error instanceof BrownoutError && error.code === 'port_taken';
      if (!taken || tries >= PORT_TRIES) throw error;
    }
  }
}

/** Decide before a byte is read; keep sending to a client that has finished. */
const SOCKETS = { allowHalfOpen: true, pauseOnConnect: true };
/** The first and the last port that is drawn. */
export const DRAWN_PORTS = [10_000, 32_767] as const;
const PORT_TRIES = 50;
