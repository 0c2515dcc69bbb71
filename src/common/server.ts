import type { AddressInfo, Server, Socket } from 'node:net';
import { BrownoutError } from './errors.ts';
import { hostAndPort } from './listen-address.ts';

/** A server that listens. Disposing it stops listening and ends every connection, so that nothing outlives it. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
  readonly host: string;
  /** `http://host:port` */
  readonly url: string;
}

/**
 * Binds a server; port 0 lets the system choose.
 * @throws {BrownoutError} `port_taken` when another process has the port
 */
export async function listen(server: Server, port = 0, host = '127.0.0.1'): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    const message = `${host}:${port} is taken by another program: choose another port`;
    throw new BrownoutError('port_taken', message, { cause: error });
  });
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    host,
    url: urlOf(host, address.port),
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Not closeAllConnections: a TCP server has none, and an HTTP server's passes over upgraded connections.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** The address of a server. */
export function urlOf(host: string, port: number): string {
  return `http://${hostAndPort({ host, port })}`;
}
