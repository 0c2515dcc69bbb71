import { defineFault } from '../fault.ts';
import { choice, duration } from '../parameter.ts';
import { STREAMS } from '../stage.ts';

export const slowClose = defineFault({
  name: 'slow-close',
  summary: 'the FIN comes late: all bytes are there, the end is not',
  main: 'delay',
  parameters: {
    delay: duration('how late the FIN is', {}),
    stream: choice('whose: the one that goes down to the client, or up to the upstream', {
      words: STREAMS,
      default: 'down',
    }),
  },
  example: { delay: '2s' },
  phase: 'end',
  live: true,
  // A FIN is the connection's, not an exchange's: it comes after the last of them.
  onLink: (link, { delay, stream }) => link.shape(stream, { end: () => link.wait(delay) }),
});
