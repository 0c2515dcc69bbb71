import { defineToxic, nativeFault } from '../toxic.ts';

export const slicer = defineToxic({
  type: 'slicer',
  summary: 'bytes come in small slices',
  attributes: {
    average_size: { description: 'how long a slice is', unit: 'bytes', min: 1 },
    size_variation: { description: 'how much longer or shorter it may be', unit: 'bytes' },
    delay: { description: 'the time between two slices', unit: 'µs' },
  },
  check({ average_size: size, size_variation: variation }) {
    if (variation < size) return undefined;
    const message = `expected less than average_size, which is ${size}, got ${variation}`;
    return { attribute: 'size_variation', message };
  },
  faults({ average_size: size, size_variation: variation, delay: micros }, stream) {
    const delay = micros / 1000;
    const written = { size: `${size}B`, variation: `${variation}B`, delay: `${delay}ms`, stream };
    return [nativeFault({ fault: 'slicer', ...written }, { size, variation, delay, stream })];
  },
});
