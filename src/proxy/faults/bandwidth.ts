import type { FaultLink } from '../exchange.ts';
import { defineFault } from '../fault.ts';
import { choice, rate } from '../parameter.ts';
import { STREAMS, type Stage } from '../stage.ts';

export const bandwidth = defineFault({
  name: 'bandwidth',
  summary: 'bytes come no faster than a rate, in either direction or both',
  main: 'rate',
  parameters: {
    rate: rate('how fast, at most', {}),
    stream: choice('down to the client, up to the upstream, or each of both', {
      words: [...STREAMS, 'both'],
      default: 'down',
    }),
  },
  example: { rate: '1KB/s' },
  phase: 'request',
  waits: true,
  live: true,
  onLink: throttle,
  onExchange: ({ link }, values) => throttle(link, values),
});

interface Limit {
  readonly rate: number;
  readonly stream: (typeof STREAMS)[number] | 'both';
}

function throttle(link: FaultLink, { rate, stream }: Limit): void {
  for (const each of stream === 'both' ? STREAMS : [stream])
    link.shape(each, throttled(link, rate));
}

function throttled(link: FaultLink, rate: number): Stage {
  const pieceLength = Math.ceil(rate / PIECES_A_SECOND);
  // When the last piece was due: what one timer is late, the next wait is shorter.
  let due = -Infinity;
  return {
    async data(bytes, pass) {
      for (let start = 0; start < bytes.length; start += pieceLength) {
        const whole = start === 0 && bytes.length <= pieceLength;
        const piece = whole ? bytes : bytes.subarray(start, start + pieceLength);
        const now = performance.now();
        // What was not sent while nobody sent or read is no credit.
        due = (now - due > CREDIT_MS ? now : due) + (piece.length / rate) * 1000;
        if (due > now) await link.wait(due - now);
        await pass(piece);
      }
    },
  };
}

/** So often at least, bytes move. */
const PIECES_A_SECOND = 20;
/** A timer may be so late without making it slower than the rate. */
const CREDIT_MS = 100;
