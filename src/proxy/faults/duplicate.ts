import { defineFault } from '../fault.ts';
import { choice } from '../parameter.ts';
import { framedByLength, mayHaveBody } from '../reframe.ts';
import { headBytes } from '../wire-head.ts';

export const duplicate = defineFault({
  name: 'duplicate',
  summary: 'the upstream gets the request twice, or the answer comes twice',
  main: 'what',
  parameters: {
    what: choice('what comes twice', { words: ['request', 'response'], default: 'request' }),
  },
  phase: 'request',
  phaseOf: ({ what }) => (what === 'request' ? 'request' : 'headers'),
  onExchange(exchange, { what }) {
    if (what === 'request') return exchange.copyRequest();
    return exchange.rewrite(({ head, body }) => {
      // Where the end of the connection framed it, the second would be a part of the first.
      const framed = mayHaveBody(exchange) ? framedByLength(head, body.length) : head;
      const response = [headBytes(framed), body];
      return [...response, ...response];
    });
  },
});
