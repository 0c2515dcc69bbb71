import { defineToxic, nativeFault } from '../toxic.ts';

export const latency = defineToxic({
  type: 'latency',
  summary: 'bytes come late, by latency +/- jitter',
  attributes: {
    latency: { description: 'how late', unit: 'ms' },
    jitter: { description: 'how much more or less', unit: 'ms' },
  },
  faults: ({ latency: delay, jitter }, stream) => [
    nativeFault(
      { fault: 'latency', delay: `${delay}ms`, jitter: `${jitter}ms`, at: 'body', stream },
      { delay, jitter, distribution: 'uniform', at: 'body', stream },
    ),
  ],
});
