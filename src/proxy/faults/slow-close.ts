import type { FaultLink } from '../exchange.ts';
import { defineFault } from '../fault.ts';
import { choice, duration } from '../parameter.ts';
import { STREAMS, type Stream } from '../stage.ts';

export const slowClose = defineFault({
  name: 'slow-close',
  summary: 'the connection is closed late: all bytes are there, the FIN is not',
  main: 'delay',
  parameters: {
    delay: duration('how late the FIN is', {}),
    stream: choice('whose: the one that goes down to the client, or up to the upstream', {
      words: STREAMS,
      default: 'down',
    }),
  },
  phase: 'end',
  live: true,
  onLink: closeLate,
  onExchange: ({ link }, values) => closeLate(link, values),
});

interface Late {
  readonly delay: number;
  readonly stream: Stream;
}

function closeLate(link: FaultLink, { delay, stream }: Late): void {
  link.shape(stream, { end: () => link.wait(delay) });
}
