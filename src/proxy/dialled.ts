import { Socket } from 'node:net';
import type { Connected } from './upstream.ts';

/** One end of a connection, as the server sees that has accepted it. */
export interface Peer {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** The connections of a proxy to its upstreams, by the ports they leave from. */
export interface Dialled {
  note(connected: Connected): Connected;
  /** Whether a connection that was accepted on this machine is one of them. */
  isOurs(peer: Peer): boolean;
}

export function createDialled(): Dialled {
  const ports = new Set<string>();

  return {
    note(connected) {
      const { stream } = connected;
      // What speaks TLS cannot be meant: who asks serves HTTP.
      if (!(stream instanceof Socket) || 'encrypted' in stream) return connected;
      stream.once('connect', () => {
        const port = nameOf(stream.localAddress, stream.localPort);
        ports.add(port);
        stream.once('close', () => ports.delete(port));
      });
      return connected;
    },
    isOurs: ({ remoteAddress, remotePort }) => ports.has(nameOf(remoteAddress, remotePort)),
  };
}

/** A server that listens for both kinds of addresses shows those of IPv4 as of IPv6. */
function nameOf(address = '', port = 0): string {
  return `${address.replace(/^::ffff:/, '')} ${port}`;
}
