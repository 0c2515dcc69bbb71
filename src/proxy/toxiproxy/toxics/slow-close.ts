import { defineToxic, nativeFault } from '../toxic.ts';

export const slowClose = defineToxic({
  type: 'slow_close',
  summary: 'the end of the connection is told late',
  attributes: { delay: { description: 'how late', unit: 'ms' } },
  faults: ({ delay }, stream) => [
    nativeFault({ fault: 'slow-close', delay: `${delay}ms`, stream }, { delay, stream }),
  ],
});
