import type { FaultLink } from '../../exchange.ts';
import type { Stream } from '../../stage.ts';
import { defineToxic, ownFault } from '../toxic.ts';

export const timeout = defineToxic({
  type: 'timeout',
  summary: 'bytes are dropped, and the connection is closed once none have come for so long',
  attributes: {
    timeout: { description: 'how long; at 0 it is closed when the toxic is removed', unit: 'ms' },
  },
  faults: ({ timeout }, stream) => [
    ownFault({ fault: 'timeout', timeout, stream }, 'bytes are dropped, then a FIN', (link) =>
      dropUntilIdle(link, timeout, stream),
    ),
  ],
});

function dropUntilIdle(link: FaultLink, timeout: number, stream: Stream): void {
  let lastAt = performance.now();
  link.shape(stream, {
    // What comes after bytes that were dropped would be a stream with a hole in it.
    outlasts: true,
    data(_bytes, pass) {
      lastAt = performance.now();
      return pass(NOTHING);
    },
  });
  link.whenLifted(() => link.close());
  if (timeout > 0) void closeWhenIdle();

  async function closeWhenIdle(): Promise<void> {
    for (let left = timeout; left > 0; left = lastAt + timeout - performance.now()) {
      await link.wait(left);
      if (link.over()) return;
    }
    await link.close();
  }
}

const NOTHING = Buffer.alloc(0);
