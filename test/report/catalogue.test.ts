import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import { REPORTERS } from '../../src/report/catalogue.ts';
import * as index from '../../src/report/reporters/index.ts';
import { events, EVERYTHING, listen, report, result } from './recorded.ts';

describe('the reporters', () => {
  it('are the files of their folder', () => {
    const files = readdirSync(new URL('../../src/report/reporters/', import.meta.url))
      .filter((file) => file.endsWith('.js') && file !== 'index.js')
      .map((file) => file.slice(0, -3));
    expect(REPORTERS.map(({ name }) => name).sort()).to.deep.equal(files.sort());
    expect(Object.keys(index).sort()).to.deep.equal(files.sort());
  });

  for (const reporter of REPORTERS) {
    describe(reporter.name, () => {
      it('has a summary that fits the help', () => {
        expect(reporter.summary)
          .to.match(/^[^\n]{10,70}$/)
          .and.not.match(/\.$/);
      });

      it('ends what it writes with a line break', () => {
        expect(report(reporter, events(EVERYTHING))).to.match(/[^\n]\n$/);
      });

      it('uses no colour and moves no cursor where it may not', () => {
        const text = report(reporter, events(EVERYTHING));
        expect(text).not.to.contain('\u001b').and.not.to.contain('\r');
      });

      it('tells of a run that tested nothing', () => {
        const nothing = result([], { verdict: 'inconclusive', exit: 5 });
        expect(report(reporter, events(nothing))).not.to.equal('');
      });

      it('writes the same on every run', () => {
        const texts = [1, 2].map(() => report(reporter, events(EVERYTHING)));
        expect(texts[0]).to.equal(texts[1]);
      });

      it('can be stopped before anything has happened', () => {
        const { listener, text } = listen(reporter);
        listener.stop?.();
        expect(text()).to.equal('');
      });
    });
  }
});
