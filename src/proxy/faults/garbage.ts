import type { Random } from '../../common/random.ts';
import type { FaultLink } from '../exchange.ts';
import { atPhase, defineFault } from '../fault.ts';
import { size } from '../parameter.ts';

export const garbage = defineFault({
  name: 'garbage',
  summary: 'random bytes that are no HTTP, then a FIN',
  main: 'bytes',
  parameters: {
    bytes: size('how many', { min: 1, default: '64B' }),
    at: atPhase(['accept', 'request', 'headers', 'body']),
  },
  phase: 'request',
  onLink: (link, { bytes }) => send(link, bytes),
  onExchange(exchange, { bytes, at }) {
    if (at !== 'body') return send(exchange.link, bytes);
    return exchange.atBody({ share: 0.5 }, () => send(exchange.link, bytes));
  },
});

async function send(link: FaultLink, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += PIECE)
    await link.write(noise(Math.min(PIECE, count - sent), link.random));
  await link.close();
}

function noise(length: number, random: Random): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = Math.floor(random() * 256);
  // An answer begins with an H, and a parser may skip empty lines before it: this is neither.
  bytes[0] = (bytes[0] ?? 0) | NOT_ASCII;
  return bytes;
}

const PIECE = 64 * 1024;
const NOT_ASCII = 0x80;
