import { expect } from 'chai';
import { getEventListeners } from 'node:events';
import { BROKEN_BOARD, run } from './run-files.ts';

describe('an interrupted run', () => {
  for (const phase of ['baseline', 'fault'] as const) {
    it(`puts everything back and says so (in the ${phase})`, async () => {
      const stop = new AbortController();
      const { result, events } = await run({
        signal: stop.signal,
        scenario: {
          matrix: { n: Array.from({ length: 20 }, (_, i) => i) },
          tags: ['n${n}'],
          faults: [{ on: 'stats', inject: 'hang' }],
          steps: [{ wait: '30s' }, { send: 'page' }],
        },
        on(event) {
          if (event.type === 'cell:phase' && event.phase === phase) stop.abort();
        },
      });
      expect(result).to.include({ verdict: 'interrupted', exit: 130 });
      expect(result.cells).to.deep.equal([]);
      expect(events.at(-1)?.type).to.equal('run:end');
      expect(listeners(stop.signal)).to.equal(0);
    });
  }

  it('while a request waits for an answer', async () => {
    const stop = new AbortController();
    const { result } = await run({
      signal: stop.signal,
      scenario: BROKEN_BOARD,
      async service() {
        stop.abort();
        return 'never';
      },
    });
    expect(result.verdict).to.equal('interrupted');
    expect(listeners(stop.signal)).to.equal(0);
  });
});

function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}
