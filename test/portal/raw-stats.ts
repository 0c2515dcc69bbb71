import type { Socket } from 'node:net';
import { rawUpstream, type RawUpstream } from '../helpers/raw-upstream.ts';
import { startPortalUnderTest, type PortalUnderTest } from './portal-under-test.ts';
import { BOARD, STATS } from './stub-stats.ts';

export interface RawStats extends RawUpstream {
  /** What is done with each question for the board, over raw bytes; the stats are always well. */
  board: (socket: Socket) => void;
  /** Connections that are open now. */
  open(): number;
}

export const RAW_BOARD = JSON.stringify(BOARD);

/** A response as it stands on the wire; `length` is what it says of itself. */
export function rawResponse(body: string, length = body.length): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}`;
}

/** A portal before a stats service that answers with bytes of the test's own. */
export async function withRawStats(
  work: (stats: RawStats, portal: PortalUnderTest) => Promise<void>,
): Promise<void> {
  const asked = new WeakMap<Socket, number>();
  const raw = await rawUpstream((socket, text) => {
    const heads = text.split('\r\n\r\n').slice(0, -1);
    for (const head of heads.slice(asked.get(socket) ?? 0)) {
      if (head.startsWith('GET /stats/')) socket.write(rawResponse(JSON.stringify(STATS)));
      else stats.board(socket);
    }
    asked.set(socket, heads.length);
  });
  const stats: RawStats = Object.assign(raw, {
    board: (socket: Socket) => void socket.write(rawResponse(RAW_BOARD)),
    open: () => raw.sockets.filter(({ destroyed }) => !destroyed).length,
  });
  try {
    await using portal = await startPortalUnderTest(raw.url);
    await work(stats, portal);
  } finally {
    await raw[Symbol.asyncDispose]();
  }
}
