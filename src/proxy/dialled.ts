import { Socket } from 'node:net';
import type { Connected } from './upstream.ts';

/** A connection, as the one who has accepted it sees it. */
export type Accepted = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>;

/** The connections of a proxy to its upstreams, by both of their ends: one alone may belong to several. */
export interface Dialled {
  note(connected: Connected): Connected;
  /** Whether a connection that was accepted on this machine is the other end of one of them. */
  isOurs(accepted: Accepted): boolean;
}

export function createDialled(): Dialled {
  const open = new Set<string>();

  return {
    note(connected) {
      const { stream } = connected;
      // What speaks TLS cannot be meant: who asks serves HTTP.
      if (!(stream instanceof Socket) || 'encrypted' in stream) return connected;
      stream.once('connect', () => {
        const { localAddress, localPort, remoteAddress, remotePort } = stream;
        const ends = `${end(localAddress, localPort)} ${end(remoteAddress, remotePort)}`;
        open.add(ends);
        stream.once('close', () => open.delete(ends));
      });
      return connected;
    },
    isOurs: ({ remoteAddress, remotePort, localAddress, localPort }) =>
      open.has(`${end(remoteAddress, remotePort)} ${end(localAddress, localPort)}`),
  };
}

/** A server that listens for both kinds of addresses shows those of IPv4 as of IPv6. */
function end(address = '', port = 0): string {
  return `${address.replace(/^::ffff:/, '')}:${port}`;
}
