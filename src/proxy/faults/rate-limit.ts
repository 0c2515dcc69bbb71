import { defineFault } from '../fault.ts';
import { choice, duration, integer } from '../parameter.ts';

export const rateLimit = defineFault({
  name: 'rate-limit',
  summary: '429 with Retry-After past a limit; an early retry fails again',
  main: 'limit',
  parameters: {
    limit: integer('how many requests each window lets through', { min: 0, max: 1_000_000 }),
    window: duration('how long a window is; it begins with a request', { default: '10s' }),
    'retry-after': choice('how Retry-After is written', {
      words: ['seconds', 'http-date'],
      default: 'seconds',
    }),
  },
  example: { limit: 1 },
  phase: 'request',
  check: ({ window }) => (window > 0 ? undefined : 'rate-limit needs a window longer than 0ms'),
  onExchange(exchange, { limit, window, 'retry-after': form }) {
    const counted = exchange.remember(() => ({ since: -Infinity, requests: 0 }));
    const now = exchange.now();
    // A clock that was set back must not make a window longer.
    if (now >= counted.since + window || now < counted.since)
      Object.assign(counted, { since: now, requests: 0 });
    counted.requests++;
    if (counted.requests <= limit) return;
    exchange.answer({
      status: 429,
      headers: {
        'content-type': 'application/json',
        'retry-after': WRITTEN[form](counted.since + window, now),
      },
      body: JSON.stringify({ error: 'Too Many Requests', status: 429 }),
    });
  },
});

/** Rounded up: who waits so long is never too early. */
const WRITTEN = {
  seconds: (end: number, now: number) => String(Math.ceil((end - now) / 1000)),
  'http-date': (end: number) => new Date(Math.ceil(end / 1000) * 1000).toUTCString(),
} as const;
