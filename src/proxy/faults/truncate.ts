import { defineFault } from '../fault.ts';
import { amount } from '../parameter.ts';

export const truncate = defineFault({
  name: 'truncate',
  summary: 'the head promises more than comes: the body ends early by a FIN',
  main: 'at',
  parameters: { at: amount('where the body ends', { default: '50%' }) },
  phase: 'body',
  check({ at }) {
    if (!('share' in at) || at.share < 1) return undefined;
    return 'truncate at 100% leaves the body whole: use close with at: body, after: 100%';
  },
  onExchange(exchange, { at }) {
    // A body that is cut where it ends anyway was not truncated.
    if ('bytes' in at && at.bytes >= Number(exchange.response?.headers['content-length'])) return;
    exchange.atBody(at, () => exchange.link.close());
  },
});
