import type { Answer } from '../exchange.ts';
import { defineFault } from '../fault.ts';
import { choice, size as sizeOf } from '../parameter.ts';

export const huge = defineFault({
  name: 'huge',
  summary: 'a far larger answer than expected; the upstream is not called',
  main: 'size',
  parameters: {
    size: sizeOf('how large; 100MB, or 1MB of headers, unless said', { min: 1, optional: true }),
    what: choice('what is so large', { words: ['body', 'headers'], default: 'body' }),
  },
  example: { size: '1MB' },
  phase: 'request',
  check({ size = 0, what }) {
    const tooLong = what === 'headers' && size > 16 * MB;
    return tooLong ? 'huge size: expected at most 16MB with what: headers' : undefined;
  },
  onExchange(exchange, { size, what }) {
    exchange.answer({
      status: 200,
      headers: {
        'content-type': 'application/json',
        ...(what === 'headers' ? { 'x-huge': 'a'.repeat(size ?? MB) } : {}),
      },
      body: what === 'headers' ? '[]' : zeros(size ?? 100 * MB),
    });
  },
});

/** A JSON array of so many bytes in all, of which one piece is ever in memory. */
function zeros(length: number): Exclude<Answer['body'], string | Buffer> {
  // One or two bytes are too few for an array with a zero in it, and an even number needs a byte that says nothing.
  if (length < 3) return { length, pieces: () => [Buffer.from(['0', '[]'][length - 1] ?? '')] };
  const last = length % 2 === 0 ? '0] ' : '0]';
  return {
    length,
    *pieces() {
      yield Buffer.from('[');
      for (let left = length - 1 - last.length; left > 0; left -= MANY.length)
        yield MANY.subarray(0, Math.min(left, MANY.length));
      yield Buffer.from(last);
    },
  };
}

const MB = 1024 ** 2;
const MANY = Buffer.from('0,'.repeat(32 * 1024));
