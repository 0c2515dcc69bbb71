import { createServer, type Socket } from 'node:net';
import { listen, type Listening } from '../../src/common/server.ts';

export interface RawUpstream extends Listening {
  /** Every connection that was ever made to it. */
  readonly sockets: readonly Socket[];
  /** All that came, one character a byte. */
  readonly text: string;
}

/** A server that answers bytes with bytes: `act` is called whenever something came on a connection. */
export async function rawUpstream(
  act: (socket: Socket, text: string) => void,
): Promise<RawUpstream> {
  const sockets: Socket[] = [];
  let all = '';
  const server = createServer((socket) => {
    sockets.push(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      all += chunk.toString('latin1');
      act(socket, text);
    });
  });
  const listening = await listen(server);
  return {
    ...listening,
    sockets,
    get text() {
      return all;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}
