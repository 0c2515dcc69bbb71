import { constants, deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { defineFault } from '../fault.ts';
import { framedByLength, mayHaveBody } from '../reframe.ts';
import { headBytes, headersOf, withField } from '../wire-head.ts';

export const badGzip = defineFault({
  name: 'bad-gzip',
  summary: 'a gzip stream that breaks in the middle, in a healthy framing',
  parameters: {},
  phase: 'body',
  onExchange(exchange) {
    if (!mayHaveBody(exchange)) return;
    exchange.rewrite(({ head, body }) => {
      const encoding = headersOf(head.fields)['content-encoding']?.toLowerCase() || 'identity';
      const plain = encoding === 'gzip' ? unpacked(body) : body;
      if (!plain) return undefined;
      const broken = brokenGzip(plain);
      const encodings = ['identity', 'gzip'].includes(encoding) ? 'gzip' : `${encoding}, gzip`;
      const named = withField(head, 'Content-Encoding', encodings);
      return [headBytes(framedByLength(named, broken.length)), broken];
    });
  },
});

/** The first half can be unpacked; then comes a block of a type that there is not, which no unpacker passes over. */
function brokenGzip(body: Buffer): Buffer {
  const half = Math.floor(body.length / 2);
  const begun = gzipSync(body.subarray(0, half), { finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat([begun, RESERVED_BLOCK, deflateRawSync(body.subarray(half)), TRAILER]);
}

function unpacked(body: Buffer): Buffer | undefined {
  try {
    return gunzipSync(body);
  } catch {
    return undefined;
  }
}

/** BTYPE 11 (RFC 1951, 3.2.3). */
const RESERVED_BLOCK = Buffer.from([0b110]);
/** Where the checksum and the length stand. */
const TRAILER = Buffer.alloc(8);
