import type { Random } from '../../common/random.ts';
import { defineFault } from '../fault.ts';
import { choice, share } from '../parameter.ts';
import { STREAMS, type Piece } from '../stage.ts';

export const corrupt = defineFault({
  name: 'corrupt',
  summary: 'some bytes of the body have a flipped bit, in a healthy framing',
  main: 'rate',
  parameters: {
    rate: share('the share of bytes that are changed', {}),
    stream: choice('the direction, on a tcp upstream; down, unless said', {
      words: STREAMS,
      optional: true,
    }),
  },
  example: { rate: 0.1 },
  phase: 'body',
  live: true,
  check({ stream }, { protocol }) {
    if (protocol === 'tcp' || stream !== 'up') return undefined;
    return 'corrupt changes the bodies of responses: stream: up needs a tcp upstream';
  },
  onLink(link, { rate, stream }) {
    const flip = flipping(rate, link.random);
    link.shape(stream ?? 'down', { data: (bytes, pass) => pass(flip(bytes)) });
  },
  onExchange: (exchange, { rate }) => exchange.eachPiece(flipping(rate, exchange.random)),
});

/** What is flipped depends on the draws and a byte's place alone, not on how the bytes were cut into pieces. */
function flipping(rate: number, random: Random): Piece {
  // A draw for each gap between two flips, not for each byte.
  const gap = () => Math.floor(Math.log1p(-random()) / Math.log1p(-rate));
  let ahead = rate === 0 ? Infinity : gap();
  return (bytes) => {
    let changed = bytes;
    for (; ahead < bytes.length; ahead += 1 + gap()) {
      if (changed === bytes) changed = Buffer.from(bytes);
      changed[ahead] = (bytes[ahead] as number) ^ (1 << Math.floor(random() * 8));
    }
    ahead -= bytes.length;
    return changed;
  };
}
