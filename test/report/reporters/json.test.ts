import { expect } from 'chai';
import { json } from '../../../src/report/reporters/json.ts';
import { events, EVERYTHING, report } from '../recorded.ts';

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

  it('writes nothing of a run that fell over', () => {
    expect(report(json, events(EVERYTHING).slice(0, -1))).to.equal('');
  });
});
