import type { Link } from './link.ts';
import type { Turn } from './turn.ts';
import type { Shared } from './turns.ts';

/**
 * Tells the client that its upstream is dead: by a dead connection, for no answer of ours would be true; or by a 502 where
 * that was asked for and nothing else was said yet. An upstream that left in peace is told by a FIN.
 * @param turn the one that waits for an answer, if any does
 * @param said some of its answer has gone out
 * @returns whether it was told by a 502
 */
export async function tellFailed(
  { upstreamError }: Pick<Shared, 'upstreamError'>,
  link: Link,
  turn?: Turn,
  said = true,
): Promise<boolean> {
  const answers = upstreamError === '502' && turn?.request !== undefined && !said;
  if (answers) {
    const answer = Buffer.from(turn.request?.method === 'HEAD' ? HEAD : HEAD + BODY);
    turn.status = 502;
    turn.bytesOut = answer.length;
    await link.down.send(answer);
  }
  await (link.upstreamFailed && upstreamError === 'reset' ? link.reset() : link.close());
  return answers;
}

const BODY = 'the upstream did not answer\n';
const HEAD = [
  'HTTP/1.1 502 Bad Gateway',
  'content-type: text/plain; charset=utf-8',
  `content-length: ${BODY.length}`,
  'connection: close',
  '\r\n',
].join('\r\n');
