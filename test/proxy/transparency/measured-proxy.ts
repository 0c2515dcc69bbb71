import { createProxy } from '../../../src/proxy/proxy.ts';

// A proxy in a process of its own: what it keeps in memory is not mixed with what the two ends keep.
const [target = '', protocol = 'http'] = process.argv.slice(2);
const proxy = createProxy({ seed: 'test' });
const opened = await proxy.open({ name: 'stats', target, protocol: protocol as 'http' | 'tcp' });
const start = held();
let peak = start;
const sampler = setInterval(() => (peak = Math.max(peak, held())), 10);

process.on('message', () => {
  process.send?.({ start, peak: Math.max(peak, held()) } satisfies Memory);
});
process.once('disconnect', () => {
  clearInterval(sampler);
  void proxy[Symbol.asyncDispose]();
});
process.send?.({ url: opened.url });

/** The bytes of the heap and of buffers. */
export interface Memory {
  readonly start: number;
  readonly peak: number;
}

function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
