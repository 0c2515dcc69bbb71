import type { FaultLink } from '../../exchange.ts';
import type { Stream } from '../../stage.ts';
import { defineToxic, ownFault } from '../toxic.ts';

export const resetPeer = defineToxic({
  type: 'reset_peer',
  summary: 'an RST for both sides, so long after the first bytes, which go nowhere',
  attributes: { timeout: { description: 'how long after', unit: 'ms' } },
  faults: ({ timeout }, stream) => [
    ownFault({ fault: 'reset_peer', timeout, stream }, 'bytes stop, then an RST', (link) =>
      resetAfter(link, timeout, stream),
    ),
  ],
});

function resetAfter(link: FaultLink, timeout: number, stream: Stream): void {
  let begun = false;
  const stop = () => {
    if (!begun) link.after(timeout, () => link.reset('both'));
    begun = true;
    return link.untilLifted();
  };
  link.shape(stream, {
    async data(bytes, pass) {
      await stop();
      await pass(bytes);
    },
    end: stop,
  });
}
