import type { FaultLink } from '../exchange.ts';
import { atPhase, defineFault } from '../fault.ts';
import { choice, duration } from '../parameter.ts';
import { STREAMS, type Stream } from '../stage.ts';

export const hang = defineFault({
  name: 'hang',
  summary: 'bytes stop and the connection stays open (a black hole)',
  main: 'at',
  parameters: {
    at: atPhase(['accept', 'request', 'headers', 'body']),
    for: duration('how long; until the rule is lifted, unless said', { optional: true }),
    stream: choice('one direction only (half-open); both, unless said', {
      words: STREAMS,
      optional: true,
    }),
  },
  phase: 'request',
  waits: true,
  live: true,
  check({ at }, { protocol }) {
    if (protocol === 'http' || at !== 'body') return undefined;
    return 'hang at body needs a length to take half of: on a tcp upstream bytes stop at accept';
  },
  onLink: hold,
  onExchange(exchange, values) {
    const act = () => Promise.resolve(hold(exchange.link, values));
    return values.at === 'body' ? exchange.atBody({ share: 0.5 }, act) : act();
  },
});

interface Held {
  readonly for: number | undefined;
  readonly stream: Stream | undefined;
}

function hold(link: FaultLink, { for: ms, stream }: Held): void | Promise<void> {
  const held = link.hold(ms, stream);
  // Of a half-open connection the other half goes on, so nobody waits here.
  return stream === undefined ? held : undefined;
}
