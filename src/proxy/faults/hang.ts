import { atPhase, defineFault } from '../fault.ts';
import { duration } from '../parameter.ts';

export const hang = defineFault({
  name: 'hang',
  summary: 'bytes stop and the connection stays open (a black hole)',
  main: 'at',
  parameters: {
    at: atPhase(['accept', 'request', 'headers', 'body']),
    for: duration('how long; until the rule is lifted, unless said', { optional: true }),
  },
  phase: 'request',
  waits: true,
  live: true,
  onLink: (link, values) => link.hold(values.for),
  onExchange(exchange, { at, for: ms }) {
    const hold = () => (ms === undefined ? exchange.untilLifted() : exchange.wait(ms));
    if (at !== 'body') return hold();
    return exchange.atBody({ share: 0.5 }, hold);
  },
});
