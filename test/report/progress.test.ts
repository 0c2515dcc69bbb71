import { expect } from 'chai';
import { columns } from '../../src/report/columns.ts';
import { list } from '../../src/report/reporters/list.ts';
import { cell, events, listen, result } from './recorded.ts';

describe('the progress of the list reporter', () => {
  const ERASE = '\r\u001b[2K';
  const [start, begin, , , , end, last] = events(result([cell({ id: 'a' })]), [cell(), cell()]);

  it('is one line that is drawn again, and gone before any other', () => {
    let clock = 0;
    const { listener, text } = listen(list, { live: true, now: () => clock });
    listener.on(start!);
    listener.on(begin!);
    clock = 1500;
    listener.tick?.();
    listener.on(end!);
    listener.on(last!);
    listener.stop?.();
    const [lines, summary] = text().split(`${ERASE}\n`);
    expect(lines).to.equal(
      ['0/2  0ms', '0/2  0ms  a', '0/2  1.5s  a', `✓ ${'a'.padEnd(42)}  45ms\n`, '1/2  1.5s']
        .map((line) => ERASE + line)
        .join(''),
    );
    expect(summary).to.match(/^1 cell .*fired\.\n$/s);
  });

  it('never takes a second line', () => {
    const { listener, text } = listen(list, { live: true });
    for (let i = 0; i < 9; i++) listener.on({ type: 'cell:start', id: `日本語-cell-${i}` });
    const widths = text().split(ERASE).map(columns);
    expect(Math.max(...widths)).to.be.within(70, 79);
  });

  it('is cleared where a run falls over', () => {
    const { listener, text } = listen(list, { live: true });
    listener.on(begin!);
    listener.stop?.();
    listener.stop?.();
    expect(text()).to.equal(`${ERASE}0/0  0ms  a${ERASE}`);
  });

  it('is not there where nobody watches', () => {
    const { listener, text } = listen(list);
    listener.on(start!);
    listener.on(begin!);
    listener.tick?.();
    listener.stop?.();
    expect(text()).to.equal('');
  });
});
