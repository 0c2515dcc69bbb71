import type { FaultLink } from '../../exchange.ts';
import type { Stream } from '../../stage.ts';
import { defineToxic, ownFault } from '../toxic.ts';

export const limitData = defineToxic({
  type: 'limit_data',
  summary: 'the connection is closed after so many bytes',
  attributes: { bytes: { description: 'how many pass', unit: 'bytes' } },
  faults: ({ bytes }, stream) => [
    ownFault(
      { fault: 'limit-data', bytes: `${bytes}B`, stream },
      'bytes pass, then a FIN',
      (link) => closeAfter(link, bytes, stream),
    ),
  ],
});

/** Not the fault of the catalogue: what has passed counts on when the toxic is changed. */
function closeAfter(link: FaultLink, bytes: number, stream: Stream): void {
  const count = link.keep(() => ({ passed: 0 }));
  link.shape(stream, {
    async data(piece, pass) {
      const left = Math.max(bytes - count.passed, 0);
      const first = piece.length <= left ? piece : piece.subarray(0, left);
      count.passed += first.length;
      if (first.length > 0) await pass(first);
      if (count.passed >= bytes) await link.close();
    },
  });
}
