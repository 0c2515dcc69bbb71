import { createBodyReader, createHeadFinder, type BodyReader } from './framer.ts';
import { parseResponse } from './head.ts';
import type { Connected } from './upstream.ts';
import type { Mortal } from './waits.ts';

/** Sends bytes by a connection of their own; resolves when they are answered, or will not be, or `owner` is gone. */
export function sendCopy(
  { stream }: Connected,
  bytes: Buffer,
  method: string,
  owner: Mortal,
): Promise<void> {
  return new Promise((resolve) => {
    const responses = createHeadFinder(/^HTTP/);
    let body: BodyReader | undefined;
    const forget = owner.onGone(() => stream.destroy());
    const finish = () => {
      forget();
      resolve();
      stream.destroy();
    };
    stream.on('error', () => {}).once('close', finish);
    stream.once('end', finish).on('data', (chunk: Buffer) => {
      for (let at = 0; at < chunk.length;) {
        if (body) {
          at = body.read(chunk, at);
        } else {
          const end = responses.find(chunk, at);
          if (end === -1) return;
          const parsed =
            end < 0 ? undefined : parseResponse(responses.take().toString('latin1'), method);
          if (!parsed) return finish();
          if (parsed.status >= 200) body = createBodyReader(parsed.framing);
          at = end;
        }
        if (body && body.state !== 'open') return finish();
      }
    });
    stream.write(bytes);
  });
}
