import { defineFault } from '../fault.ts';
import { integer } from '../parameter.ts';
import { framedByLength, mayHaveBody } from '../reframe.ts';
import { headBytes } from '../wire-head.ts';

export const wrongLength = defineFault({
  name: 'wrong-length',
  summary: 'a Content-Length that is not the body’s: too long, or too short',
  main: 'by',
  parameters: {
    by: integer('how many bytes more than there are, or with - fewer', {
      min: -1_000_000,
      max: 1_000_000,
      default: -1,
    }),
  },
  phase: 'body',
  check: ({ by }) => (by === 0 ? 'wrong-length by 0 is the right length' : undefined),
  onExchange(exchange, { by }) {
    if (!mayHaveBody(exchange)) return;
    exchange.rewrite(({ head, body }) => {
      const length = Math.max(0, body.length + by);
      if (length === body.length) return undefined;
      return [headBytes(framedByLength(head, length)), body];
    });
  },
});
