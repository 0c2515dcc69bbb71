import { atPhase, defineFault } from '../fault.ts';
import { amount } from '../parameter.ts';

export const reset = defineFault({
  name: 'reset',
  summary: 'a genuine RST (ECONNRESET), on new and live connections',
  main: 'at',
  parameters: {
    at: atPhase(['accept', 'request', 'headers', 'body']),
    after: amount('how much of the body goes out first, with at: body', { default: '50%' }),
  },
  phase: 'request',
  live: true,
  onLink: (link) => link.reset(),
  onExchange(exchange, { at, after }) {
    if (at !== 'body') return exchange.link.reset();
    return exchange.atBody(after, () => exchange.link.reset());
  },
});
