import { Socket } from 'node:net';
import type { Connected } from './upstream.ts';

/** One end of a connection, as the server sees that has accepted it. */
export interface Peer {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/** The connections of a proxy to its upstreams, by both their ends: one port may be left by several, each to another place. */
export interface Dialled {
  note(connected: Connected): Connected;
  /** Whether a connection that was accepted on this machine is one of them. */
  isOurs(peer: Peer): boolean;
}

export function createDialled(): Dialled {
  const open = new Set<string>();

  return {
    note(connected) {
      const { stream } = connected;
      // What speaks TLS cannot be meant: who asks serves HTTP.
      if (!(stream instanceof Socket) || 'encrypted' in stream) return connected;
      stream.once('connect', () => {
        const ends = nameOf(near(stream), far(stream));
        open.add(ends);
        stream.once('close', () => open.delete(ends));
      });
      return connected;
    },
    // Who has accepted it sees it from the other end.
    isOurs: (peer) => open.has(nameOf(far(peer), near(peer))),
  };
}

type End = readonly [address: string | undefined, port: number | undefined];

function near({ localAddress, localPort }: Peer): End {
  return [localAddress, localPort];
}

function far({ remoteAddress, remotePort }: Peer): End {
  return [remoteAddress, remotePort];
}

/** A server that listens for both kinds of addresses shows those of IPv4 as of IPv6. */
function nameOf(...ends: readonly [from: End, to: End]): string {
  return ends.map(([address = '', port]) => `${address.replace(/^::ffff:/, '')} ${port}`).join(' ');
}
