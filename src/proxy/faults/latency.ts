import type { FaultLink } from '../exchange.ts';
import { atPhase, defineFault } from '../fault.ts';
import { choice, duration } from '../parameter.ts';
import { STREAMS } from '../stage.ts';

export const latency = defineFault({
  name: 'latency',
  summary: 'waits before a phase, then goes on as if healthy',
  main: 'delay',
  parameters: {
    delay: duration('how long to wait', {}),
    jitter: duration('the spread around delay', { default: '0ms' }),
    distribution: choice('how the jitter is spread', {
      words: ['uniform', 'normal', 'lognormal', 'pareto'],
      default: 'uniform',
    }),
    at: atPhase(['accept', 'request', 'headers', 'body'], { default: 'request' }),
    stream: choice(
      'the direction whose bytes are late, with at: body on a tcp upstream; down, unless said',
      {
        words: STREAMS,
        optional: true,
      },
    ),
  },
  example: { delay: '2s' },
  phase: 'request',
  waits: true,
  // A wait before accept comes too late for a connection that is open.
  live: ({ at }) => at === 'body',
  check({ at, stream }, { protocol }) {
    if (stream === undefined || (protocol === 'tcp' && at === 'body')) return undefined;
    return 'latency has a stream only with at: body on a tcp upstream';
  },
  onLink(link, values) {
    if (values.at !== 'body') return link.wait(draw(values, link.random));
    return link.shape(values.stream ?? 'down', {
      async data(bytes, pass, arrivedAt) {
        // Counted from its arrival: segments that came together are late together, not one after another.
        await waitUntil(link, arrivedAt + draw(values, link.random));
        await pass(bytes);
      },
    });
  },
  onExchange(exchange, values) {
    const ms = draw(values, exchange.random);
    if (values.at !== 'body') return exchange.wait(ms);
    return exchange.atBody({ bytes: 0 }, () => exchange.wait(ms));
  },
});

async function waitUntil(link: FaultLink, due: number): Promise<void> {
  const left = due - performance.now();
  if (left > 0) await link.wait(left);
}

interface Spread {
  readonly delay: number;
  readonly jitter: number;
  readonly distribution: 'uniform' | 'normal' | 'lognormal' | 'pareto';
}

/** Milliseconds, never negative. `jitter` is half the width for uniform, the standard deviation or scale otherwise. */
function draw({ delay, jitter, distribution }: Spread, random: () => number): number {
  if (jitter === 0) return delay;
  const spread = {
    uniform: () => random() * 2 - 1,
    normal: () => gaussian(random),
    lognormal: () => Math.exp(gaussian(random)) - 1,
    pareto: () => (1 - random()) ** (-1 / PARETO_SHAPE) - 1,
  }[distribution]();
  return Math.max(0, delay + jitter * spread);
}

/** Box–Muller: a standard normal variate from two uniform ones. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Heavy-tailed, with a finite variance. */
const PARETO_SHAPE = 3;
