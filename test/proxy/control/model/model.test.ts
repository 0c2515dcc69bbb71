import { expect } from 'chai';
import * as fc from 'fast-check';
import { nextPoll, nothingLeft, resources } from '../../rig.ts';
import { anyCall } from './calls.ts';
import { play } from './play.ts';

/** `MODEL_SEQUENCES` of them, from `MODEL_SEED`. */
const sequences = Number(process.env['MODEL_SEQUENCES'] ?? 12);
const seed = Number(process.env['MODEL_SEED'] ?? 20_260_730);

/** 200 calls at the mean. */
const SEQUENCE = fc.noBias(fc.array(anyCall(), { minLength: 1, maxLength: 400, size: 'max' }));
const SPARE_MS = 2000;
const SHRINKING_MS = 60_000;
/** No call may take a second; what takes so long on the slowest of machines hangs. */
const HANGS_MS = 10_000;

describe('the control API beside its model', function () {
  this.timeout(sequences * 60_000 + 2 * SHRINKING_MS);

  it(`answers ${sequences} random sequences of calls as the model does, while traffic flows`, async () => {
    await nextPoll();
    const before = resources();
    let [calls, whole, cut, slowestMs, slowest] = [0, 0, 0, 0, ''];
    // A slow machine makes fewer; where something is wrong, more time is spent on making it small.
    let enough = performance.now() + sequences * SPARE_MS;
    const more = enough + SHRINKING_MS;
    const property = fc.asyncProperty(SEQUENCE, async (sequence) => {
      if (performance.now() > enough) return;
      const played = await play(sequence).catch((error: unknown) => {
        enough = more;
        throw error;
      });
      calls += played.calls;
      whole += played.whole;
      cut += played.cut;
      if (played.slowestMs > slowestMs) ({ slowestMs, slowest } = played);
    });
    await fc.assert(property, { seed, numRuns: sequences });
    const took = `the slowest took ${slowestMs.toFixed(1)} ms (${slowest})`;
    console.log(`      ${calls} calls: ${took}; ${whole} connections passed, ${cut} were cut`);
    expect(slowestMs, slowest).to.be.below(HANGS_MS);
    expect(whole, 'connections that passed').to.be.above(0);
    await nothingLeft(before);
  });
});
