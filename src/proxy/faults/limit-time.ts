import { defineFault } from '../fault.ts';
import { duration } from '../parameter.ts';

export const limitTime = defineFault({
  name: 'limit-time',
  summary: 'a FIN after a time, whatever is under way on the connection',
  main: 'after',
  parameters: {
    after: duration('how long it lives; from the rule’s coming, where it was open before', {}),
  },
  example: { after: '100ms' },
  phase: 'accept',
  live: true,
  onLink: (link, { after }) => link.after(after, () => link.close()),
});
