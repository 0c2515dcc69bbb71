import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Context } from 'koa';
import type { ControlEvent } from '../fault-control.ts';

/** The streams of events that a control server has open. */
export interface EventStreams {
  /** Answers with the events that `read` gives, until the client leaves or the server stops. */
  answer(ctx: Context, read: (signal: AbortSignal) => AsyncIterable<ControlEvent>): void;
  /** Ends them all. */
  end(): void;
}

/** @param heartbeatMs how often a comment tells client and proxies between that the stream lives */
export function createEventStreams(heartbeatMs: number): EventStreams {
  const open = new Set<() => void>();

  return {
    answer(ctx, read) {
      ctx.status = 200;
      ctx.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      if (ctx.method === 'HEAD') return;
      ctx.respond = false;
      const response = ctx.res;
      const left = new AbortController();
      const beat = setInterval(() => response.write(':\n\n'), heartbeatMs);
      const end = () => {
        clearInterval(beat);
        left.abort();
        open.delete(end);
        response.end();
      };
      open.add(end);
      response.once('close', end);
      const events = read(left.signal);
      // At once: what the client does when it has seen the head is told.
      response.write(':\n\n');
      void send(response, events, left.signal).finally(end);
    },
    end() {
      for (const end of open) end();
    },
  };
}

async function send(
  response: ServerResponse,
  events: AsyncIterable<ControlEvent>,
  left: AbortSignal,
): Promise<void> {
  for await (const event of events) {
    // A client that does not read keeps its events waiting where they are counted.
    if (!response.write(written(event))) await drained(response, left);
  }
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  await once(response, 'drain', { signal }).catch(() => {});
}

function written(event: ControlEvent): string {
  const data = event.type === 'exchange' ? event.entry : { ...event, type: undefined };
  return `event: ${event.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
