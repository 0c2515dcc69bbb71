import { defineFault } from '../fault.ts';
import { choice } from '../parameter.ts';

export const empty = defineFault({
  name: 'empty',
  summary: 'success without a body; the upstream is not called',
  main: 'status',
  parameters: { status: choice('the status', { words: [200, 204], default: 200 }) },
  phase: 'request',
  onExchange(exchange, values) {
    exchange.answer({ status: values.status, headers: {}, body: '' });
  },
});
