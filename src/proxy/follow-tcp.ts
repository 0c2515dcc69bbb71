import type { OpenEntry } from './journal.ts';
import type { Link } from './link.ts';
import type { Protocol } from './protocol.ts';
import { tellFailed } from './tell-failed.ts';
import type { Shared } from './turns.ts';

/** Passes bytes on, both ways, whatever they are. */
export function followTcp(
  link: Link,
  shared: Shared,
  entry: () => OpenEntry | undefined,
): Protocol {
  const { up, down } = link;
  return {
    fromClient: (bytes) => void up.write(bytes),
    fromUpstream: (bytes) => void down.write(bytes),
    clientEnded: () => up.end(),
    upstreamEnded: () => down.end(),
    upstreamFailed(error) {
      entry()?.failed(error);
      void tellFailed(shared, link);
    },
    aside: false,
    unasked: false,
    wants: () => true,
  };
}
