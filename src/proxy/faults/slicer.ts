import type { FaultLink } from '../exchange.ts';
import { defineFault } from '../fault.ts';
import { choice, duration, size } from '../parameter.ts';
import { STREAMS, type Stream } from '../stage.ts';

export const slicer = defineFault({
  name: 'slicer',
  summary: 'bytes come in small slices',
  main: 'size',
  parameters: {
    size: size('how long a slice is', { min: 1, default: '64B' }),
    variation: size('how much longer or shorter it may be', { default: '0B' }),
    delay: duration('the time between two slices', { default: '0ms' }),
    stream: choice('down to the client, or up to the upstream', {
      words: STREAMS,
      default: 'down',
    }),
  },
  phase: 'request',
  live: true,
  check({ size, variation }) {
    if (variation < size) return undefined;
    return `slicer: a variation of ${variation}B leaves nothing of slices of ${size}B: it must be smaller than size`;
  },
  onLink: slice,
  onExchange: ({ link }, values) => slice(link, values),
});

interface Slicing {
  readonly size: number;
  readonly variation: number;
  readonly delay: number;
  readonly stream: Stream;
}

function slice(link: FaultLink, { size, variation, delay, stream }: Slicing): void {
  let next = -Infinity;
  link.shape(stream, {
    async data(bytes, pass) {
      let busySince = performance.now();
      for (let start = 0; start < bytes.length;) {
        // Where nothing waits, nothing else would come to its turn before the last slice.
        if (performance.now() - busySince > BUSY_AT_MOST_MS) {
          await nextTurn();
          busySince = performance.now();
        }
        const length = size - variation + Math.floor(link.random() * (2 * variation + 1));
        const whole = start === 0 && bytes.length <= length;
        const left = next - performance.now();
        if (left > 0) await link.wait(left);
        await pass(whole ? bytes : bytes.subarray(start, start + length));
        next = performance.now() + delay;
        start += length;
      }
    },
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

const BUSY_AT_MOST_MS = 2;
