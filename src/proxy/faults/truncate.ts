import { defineFault } from '../fault.ts';
import { amount } from '../parameter.ts';

export const truncate = defineFault({
  name: 'truncate',
  summary: 'the head promises more than comes: the body ends early, then a FIN',
  main: 'at',
  parameters: { at: amount('where the body ends', { default: '50%' }) },
  phase: 'body',
  onExchange(exchange, { at }) {
    exchange.atBody(at, () => exchange.link.close());
  },
});
