import { expect } from 'chai';
import { json } from '../../../src/report/reporters/json.ts';
import type { Result } from '../../../src/scenario/result.ts';
import { expectForm } from '../../scenario/result-form.ts';
import { cell, events, EVERYTHING, report, result } from '../recorded.ts';

describe('the json reporter', () => {
  it('writes the result as it is, and nothing else', () => {
    const text = report(json, events(EVERYTHING), { colour: true });
    expect(text).to.equal(`${JSON.stringify(EVERYTHING, null, 2)}\n`);
  });

  it('writes what can be read again', () => {
    const read = JSON.parse(report(json, events(EVERYTHING))) as typeof EVERYTHING;
    expect(read.cells.map(({ reason }) => reason)).to.deep.equal(
      EVERYTHING.cells.map(({ reason }) => reason),
    );
    expect(read.cells[3]?.failures[3]).to.deep.equal(EVERYTHING.cells[3]?.failures[3]);
    expect(read.counts).to.deep.equal(EVERYTHING.counts);
  });

  it('writes what its schema says, and its schema refuses what it never writes', () => {
    const read = JSON.parse(report(json, events(EVERYTHING))) as Result;
    expectForm(read);
    expectForm(result([], { verdict: 'interrupted', exit: 130, warnings: ['slow'] }));
    const earlier = [{ verdict: 'failed', reason: null, durationMs: 1, failures: [] }] as const;
    expectForm(result([cell({ flaky: true, earlier, faults: [{ on: 'stats', fault: 'hang' }] })]));
    for (const wrong of [
      { ...read, version: 2 },
      { ...read, counts: {} },
      { ...read, cells: [{ ...read.cells[0], verdict: 'green' }] },
      { ...read, cells: [{ ...read.cells[0], unknown: 1 }] },
    ]) {
      expect(() => expectForm(wrong)).to.throw();
    }
  });

  it('writes nothing of a run that fell over', () => {
    expect(report(json, events(EVERYTHING).slice(0, -1))).to.equal('');
  });
});
