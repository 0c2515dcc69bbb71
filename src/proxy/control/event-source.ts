import type { ControlEvent } from '../fault-control.ts';

/** Reads the control API's server-sent events, in whatever pieces they come. Comments are no events. */
export async function* readEvents(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<ControlEvent, void, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of pieces) {
    text += decoder.decode(piece, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventOf(block);
      if (event) yield event;
    }
  }
}

function eventOf(block: string): ControlEvent | undefined {
  const [, type, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
  if (type === undefined || data === undefined) return undefined;
  const value = JSON.parse(data) as object;
  return (type === 'exchange' ? { type, entry: value } : { type, ...value }) as ControlEvent;
}
