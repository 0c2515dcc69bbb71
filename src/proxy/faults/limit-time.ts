import { defineFault } from '../fault.ts';
import { duration } from '../parameter.ts';

export const limitTime = defineFault({
  name: 'limit-time',
  summary: 'a healthy connection is cut by a FIN after a time, whatever is under way',
  main: 'after',
  parameters: {
    after: duration('how long it lives; from the rule’s coming, where it was open before', {}),
  },
  phase: 'accept',
  live: true,
  onLink: (link, { after }) => link.after(after, () => link.close()),
});
