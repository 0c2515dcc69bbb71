import { defineFault } from '../fault.ts';
import { framedInChunks, mayHaveBody } from '../reframe.ts';
import { headBytes } from '../wire-head.ts';

export const badChunk = defineFault({
  name: 'bad-chunk',
  summary: 'a chunked body with a size that is no number in its middle',
  parameters: {},
  phase: 'body',
  onExchange(exchange) {
    if (!mayHaveBody(exchange)) return;
    exchange.rewrite(({ head, body }) => {
      const half = Math.floor(body.length / 2);
      return [
        headBytes(framedInChunks(head)),
        chunk(body.subarray(0, half)),
        Buffer.from(`${NO_SIZE}\r\n`),
        body.subarray(half),
        Buffer.from('\r\n0\r\n\r\n'),
      ];
    });
  },
});

/** A chunk of no bytes would be the last one. */
function chunk(bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
}

/** It begins with no hexadecimal digit, so that no lenient parser makes a size of it. */
const NO_SIZE = 'not-a-size';
