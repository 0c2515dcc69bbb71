import type { FaultLink } from '../../exchange.ts';
import type { Stream } from '../../stage.ts';
import { defineToxic, nativeFault, ownFault } from '../toxic.ts';

export const bandwidth = defineToxic({
  type: 'bandwidth',
  summary: 'bytes come no faster than a rate; at 0 none do',
  attributes: { rate: { description: 'how fast, in thousands of bytes', unit: 'KB/s' } },
  faults({ rate }, stream) {
    const written = { fault: 'bandwidth', rate: `${rate * KB}B/s`, stream };
    if (rate === 0) return [ownFault(written, 'no byte comes', (link) => dam(link, stream))];
    return [nativeFault(written, { rate: rate * KB, stream })];
  },
});

function dam(link: FaultLink, stream: Stream): void {
  link.shape(stream, {
    async data(bytes, pass) {
      await link.untilLifted();
      await pass(bytes);
    },
  });
}

/** As Toxiproxy counts. */
const KB = 1000;
