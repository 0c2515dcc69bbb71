import type { OpenEntry } from './journal.ts';
import type { Link } from './link.ts';
import type { Protocol } from './protocol.ts';

/** Passes bytes on, both ways, whatever they are. */
export function followTcp({ up, down }: Link, entry: OpenEntry | undefined): Protocol {
  return {
    fromClient: (bytes) => void up.write(bytes),
    fromUpstream: (bytes) => void down.write(bytes),
    clientEnded: () => up.end(),
    upstreamEnded: () => down.end(),
    upstreamFailed(error) {
      entry?.failed(error);
      return false;
    },
    aside: false,
    unasked: false,
    wants: () => true,
  };
}
