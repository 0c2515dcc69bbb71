import { cutAfter } from '../cut-fault.ts';
import type { FaultLink } from '../exchange.ts';
import { defineFault } from '../fault.ts';
import { choice, size } from '../parameter.ts';
import { STREAMS, type Stream } from '../stage.ts';

export const limitData = defineFault({
  name: 'limit-data',
  summary: 'a FIN after exactly so many bytes of one direction',
  main: 'bytes',
  parameters: {
    bytes: size('how many bytes pass, heads included', {}),
    stream: choice('whose: what goes down to the client, or up to the upstream', {
      words: STREAMS,
      default: 'down',
    }),
  },
  example: { bytes: '100B' },
  phase: 'request',
  live: true,
  onLink: limit,
  onExchange: ({ link }, values) => limit(link, values),
});

function limit(link: FaultLink, { bytes, stream }: { bytes: number; stream: Stream }): void {
  cutAfter(link, 'close', stream, bytes);
}
