import type { BodyReader } from './framer.ts';
import type { End } from './journal.ts';
import type { Link } from './link.ts';
import type { Turn } from './turn.ts';
import type { Shared } from './turns.ts';

/** What is going on on one connection that speaks HTTP. Both directions look at it, and change it. */
export interface Talk {
  readonly link: Link;
  readonly shared: Shared;
  /** Those whose response is not whole, in their order. */
  readonly queue: Turn[];
  /** Whose request is coming. */
  asking: Turn | undefined;
  /** Follows the response that is coming, once its head is there. */
  answering: BodyReader | undefined;
  /** Nothing behind this one is let through before it is over, or has become something else. */
  held: Turn | undefined;
  /** Rules act on this one now. */
  serving: Turn | undefined;
  clientEnded: boolean;
  upstreamEnded: boolean;
  /** The held one holds no more. */
  release(): void;
  /** The bytes of a request's head that is not whole: it will not be read as one any more. */
  takeHead(): Buffer;
  /** Serves the first of the queue, if rules act on it. */
  serveFirst(): void;
}

/** A turn of ours is over: its entry says so. Those that rules act on say it themselves. */
export function complete(turn: Turn, end: End): void {
  const how = turn.abandoned ? 'client-gone' : end;
  turn.entry.complete(how, turn.status, turn.bytesIn, turn.bytesOut);
}
