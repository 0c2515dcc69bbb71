import { defineFault } from '../fault.ts';
import { duration, integer } from '../parameter.ts';

export const dribble = defineFault({
  name: 'dribble',
  summary: 'the body comes whole, but spread over a time',
  main: 'over',
  parameters: {
    over: duration('how long the body takes', {}),
    chunks: integer('in how many parts it comes', { min: 1, max: 10_000, default: 10 }),
  },
  example: { over: '2s' },
  phase: 'body',
  waits: true,
  onExchange(exchange, { over, chunks }) {
    let began: number | undefined;
    for (let i = 0; i < chunks; i++) {
      // Each part is due by the clock: a slow upstream takes of this time, it does not add to it.
      exchange.atBody({ share: i / chunks }, async () => {
        const now = performance.now();
        began ??= now;
        const left = began + (over * (i + 1)) / chunks - now;
        if (left > 0) await exchange.wait(left);
      });
    }
  },
});
