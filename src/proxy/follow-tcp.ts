import type { Link } from './link.ts';
import type { Protocol } from './protocol.ts';

/** Passes bytes on, both ways, whatever they are. */
export function followTcp({ up, down }: Link): Protocol {
  return {
    fromClient: (bytes) => void up.write(bytes),
    fromUpstream: (bytes) => void down.write(bytes),
    clientEnded: () => up.end(),
    upstreamEnded: () => down.end(),
    upstreamFailed: () => false,
    aside: false,
    wants: () => true,
  };
}
