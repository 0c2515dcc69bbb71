import { defineFault } from '../fault.ts';
import { amount, type Amount } from '../parameter.ts';

export const malformedJson = defineFault({
  name: 'malformed-json',
  summary: 'the real body, cut so that it is no JSON, in a healthy framing',
  main: 'at',
  parameters: { at: amount('where the body is cut', { default: '50%' }) },
  phase: 'body',
  onExchange(exchange, { at }) {
    exchange.editBody((body) => {
      const edited = broken(body, at);
      return edited.equals(body) ? undefined : edited;
    });
  },
});

function broken(body: Buffer, at: Amount): Buffer {
  const end = 'bytes' in at ? at.bytes : Math.floor(body.length * at.share);
  const cut = body.subarray(0, end);
  // A cut may leave JSON (123 becomes 12) or fall behind the body's end: a lone quote after it is never JSON.
  return parses(cut) ? Buffer.concat([cut, Buffer.from('"')]) : cut;
}

function parses(bytes: Buffer): boolean {
  try {
    // As a client decodes it: without a byte order mark.
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}
