import { atPhase, defineFault } from '../fault.ts';
import { amount } from '../parameter.ts';

export const close = defineFault({
  name: 'close',
  summary: 'a FIN where an answer was due (socket hang up)',
  main: 'at',
  parameters: {
    at: atPhase(['accept', 'request', 'headers', 'body']),
    after: amount('how much of the body goes out first, with at: body', { default: '50%' }),
  },
  phase: 'request',
  live: true,
  onLink: (link) => link.close(),
  onExchange(exchange, { at, after }) {
    if (at !== 'body') return exchange.link.close();
    return exchange.atBody(after, () => exchange.link.close());
  },
});
