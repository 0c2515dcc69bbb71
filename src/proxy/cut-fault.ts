import { atPhase, defineFault, type Target } from './fault.ts';
import type { FaultLink } from './exchange.ts';
import { amount, type Amount } from './parameter.ts';
import type { Phase } from './phase.ts';
import type { Stream } from './stage.ts';

/** A fault that cuts the connection. Which way it cuts is all that `reset` and `close` differ in. */
export function cutFault(name: 'reset' | 'close', summary: string) {
  return defineFault({
    name,
    summary,
    main: 'at',
    parameters: {
      at: atPhase(['accept', 'request', 'headers', 'body']),
      after: amount(
        'how much goes first: of the request’s body, the response’s head or its body (half), or of what a tcp upstream sends',
        { optional: true },
      ),
    },
    phase: 'request',
    live: true,
    check: ({ at, after }, target) => contradiction(name, at, after, target),
    onLink(link, { at, after }) {
      if (at === 'body' && after && 'bytes' in after)
        return cutAfter(link, name, 'down', after.bytes);
      return link[name]();
    },
    async onExchange(exchange, { at, after }) {
      const cut = () => exchange.link[name]();
      if (at === 'body') return exchange.atBody(after ?? HALF, cut);
      if (after && at === 'headers') return exchange.atHead(after, cut);
      if (after) await exchange.received(after);
      return cut();
    },
  });
}

/** Cuts when exactly so many bytes of a stream have passed: with the last of them, not with the one after. */
export function cutAfter(
  link: FaultLink,
  name: 'reset' | 'close',
  stream: Stream,
  bytes: number,
): void {
  let left = bytes;
  link.shape(stream, {
    async data(piece, pass) {
      // Bytes that are all let through are none that this fault has touched.
      const first = piece.length <= left ? piece : piece.subarray(0, left);
      left -= first.length;
      if (first.length > 0) await pass(first);
      if (left === 0) await link[name]();
    },
  });
}

function contradiction(
  name: string,
  at: Phase | undefined,
  after: Amount | undefined,
  { protocol }: Target,
): string | undefined {
  if (at === 'accept' && after) {
    const later = protocol === 'tcp' ? 'at: body' : 'at: request, headers or body';
    return `${name} at accept acts before any byte: after needs ${later}`;
  }
  if (protocol === 'http' || at !== 'body' || (after && 'bytes' in after)) return undefined;
  return `${name} at body needs after in bytes, such as 64KB: a tcp connection has no length to take a share of`;
}

const HALF: Amount = { share: 0.5 };
