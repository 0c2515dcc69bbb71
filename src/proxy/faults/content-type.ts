import { defineFault } from '../fault.ts';
import { headerValue } from '../http-parameter.ts';
import { headersOf, withField, withoutFields } from '../wire-head.ts';

export const contentType = defineFault({
  name: 'content-type',
  summary: 'the real answer under a wrong Content-Type, or none',
  main: 'value',
  parameters: { value: headerValue('the type it claims; none, unless said', { optional: true }) },
  phase: 'headers',
  onExchange(exchange, { value }) {
    exchange.editHead((head) => {
      if (headersOf(head.fields)['content-type'] === value) return head;
      return value === undefined
        ? withoutFields(head, ['content-type'])
        : withField(head, 'Content-Type', value);
    });
  },
});
