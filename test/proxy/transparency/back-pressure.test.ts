import { expect } from 'chai';
import { flood, MB, MOST_MB, type Flood } from './flood.ts';

describe('back-pressure', function () {
  this.timeout(180_000);

  for (const [bytes, direction, framing, protocol] of [
    [MB * 1024, 'down', 'chunked', 'http'],
    [MB * 1024, 'up', 'content-length', 'http'],
    [MB * 64, 'down', 'content-length', 'http'],
    [MB * 64, 'up', 'chunked', 'http'],
    [MB * 64, 'down', 'content-length', 'tcp'],
    [MB * 64, 'up', 'content-length', 'tcp'],
  ] as const) {
    it(`takes ${bytes / MB} MB ${direction} by ${framing} at the depth of ${protocol}, and holds little of it`, async () => {
      const { arrived, expected, grown } = await flood({ bytes, direction, framing, protocol });
      expect(arrived).to.equal(expected);
      expect(grown / MB, 'MB of memory').to.be.below(MOST_MB);
    });
  }

  for (const direction of ['down', 'up'] as const) {
    for (const protocol of ['http', 'tcp'] as const) {
      it(`stops the writer when nobody reads ${direction} at the depth of ${protocol}`, async () => {
        const what: Flood = {
          bytes: MB * 256,
          direction,
          framing: 'chunked',
          protocol,
          stalled: true,
        };
        const { arrived, expected, grown, inFlight } = await flood(what);
        expect(arrived).to.equal(expected);
        expect(grown / MB, 'MB of memory').to.be.below(MOST_MB);
        // Four buffers of the system at a few MB each, and what the proxy holds.
        expect(inFlight / MB, 'MB in flight').to.be.below(64);
      });
    }
  }
});
