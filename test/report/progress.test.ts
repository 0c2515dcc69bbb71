import { expect } from 'chai';
import type { RunEvent } from '../../src/scenario/events.ts';
import { createPaint } from '../../src/report/paint.ts';
import { createProgress } from '../../src/report/progress.ts';
import { columns } from '../../src/report/columns.ts';
import { list } from '../../src/report/reporters/list.ts';
import { cell, events, EVERYTHING, failedCell, listen, report, result } from './recorded.ts';
import { openScreen, type Screen } from './screen.ts';

describe('the progress of a run', () => {
  const plain = createPaint(false);
  const three = [cell({ id: 'a' }), failedCell({ id: 'b' }), cell({ id: 'c' })];
  const [start, ...told] = events(result(three));

  it('is what came of the cells, what is left, and what each that runs is at', () => {
    let clock = 0;
    const progress = createProgress(() => clock);
    progress.on(start!);
    expect(progress.lines(80, 24, plain)).to.deep.equal(['0 of 3  3 left  0ms']);
    for (const event of told.slice(0, 6)) progress.on(event);
    clock = 900;
    progress.on({ type: 'cell:start', id: 'c' });
    clock = 1500;
    expect(progress.lines(80, 24, plain)).to.deep.equal([
      '1 of 3  1 passed  2 left  1.5s',
      '  starting  b  1.5s',
      '  starting  c',
    ]);
  });

  it('tells the phases of a cell by their names', () => {
    const progress = createProgress(() => 0);
    progress.on(start!);
    const seen = told.slice(0, 4).map((event) => {
      progress.on(event);
      return progress.lines(80, 24, plain)[1];
    });
    expect(seen).to.deep.equal([
      '  starting  a',
      '  baseline  a',
      '  fault     a',
      '  recovery  a',
    ]);
  });

  it('counts every verdict, and those that passed at another try', () => {
    const progress = createProgress(() => 0);
    const cells = [
      ...EVERYTHING.cells,
      cell({ id: 'f', flaky: true }),
      cell({ id: 's', verdict: 'skipped', reason: 'later' }),
    ];
    for (const event of events(result(cells))) progress.on(event);
    expect(progress.lines(200, 24, plain)).to.deep.equal([
      '10 of 10  4 passed  1 flaky  1 broken  3 failed  1 inconclusive  1 skipped  0 left  0ms',
    ]);
  });

  for (const width of [20, 40, 80, 200]) {
    it(`leaves a column free where there are ${width}`, () => {
      const progress = createProgress(() => 0);
      progress.on(start!);
      for (let i = 0; i < 9; i++)
        progress.on({ type: 'cell:start', id: `${'日本語-cell-'.repeat(20)}${i}` });
      const lines = progress.lines(width, 24, plain);
      expect(lines).to.include('  and 4 more');
      expect(Math.max(...lines.map(columns))).to.be.within(Math.min(width - 2, 150), width - 1);
    });
  }
});

describe('the list on a terminal', () => {
  const run = result([
    cell({ id: '日本語[⚡,👩‍👩‍👧]' }),
    ...EVERYTHING.cells,
    ...Array.from({ length: 30 }, (_, i) => cell({ id: `more[${i}]` })),
  ]);

  for (const width of [40, 80, 200]) {
    it(`leaves what a pipe would get, at ${width} columns`, async () => {
      const screen = openScreen(width, 24);
      await watch(screen, events(run));
      const expected = report(list, events(run), { width }).split('\n').slice(0, -1);
      expect(await screen.lines()).to.deep.equal(expected.map((line) => line.trimEnd()));
    });
  }

  it('has the lines of what ended above, and what runs below', async () => {
    const screen = openScreen(80, 24);
    const told = events(result([cell({ id: 'a' }), cell({ id: 'b' })]));
    const until = told.findIndex(({ type }) => type === 'cell:end') + 3;
    await watch(screen, told.slice(0, until));
    expect(await screen.lines()).to.deep.equal([
      '✓ a  45ms',
      '1 of 2  1 passed  1 left  1.6s',
      '  baseline  b',
    ]);
  });

  it('says on a tick how long it has taken by then', async () => {
    const screen = openScreen(80, 24);
    const { listener } = listen(list, { area: screen.area, now: () => screen.clock });
    listener.on(events(run)[0]!);
    screen.clock = 61_000;
    listener.tick?.();
    expect(await screen.lines()).to.deep.equal(['0 of 39  39 left  1m 01s']);
  });

  for (const [columns, rows] of [
    [40, 24],
    [30, 24],
    [120, 40],
    [80, 10],
  ] as const) {
    it(`leaves no trace of the area in a window that becomes ${columns} by ${rows}`, async () => {
      const screen = openScreen(80, 24);
      const told = events(run);
      const half = told.findIndex((event) => event.type === 'cell:start' && event.id === 'more[3]');
      const { listener } = listen(list, { area: screen.area, now: () => screen.clock });
      for (const event of [...told.slice(0, half), ...startsOf('x'.repeat(66), 8)]) {
        screen.clock += 200;
        listener.on(event);
      }
      listener.tick?.();
      await screen.resize(columns, rows);
      screen.clock += 200;
      listener.tick?.();
      listener.stop?.();
      const expected = report(list, told.slice(0, half)).split('\n').slice(0, -1);
      expect(await screen.lines()).to.deep.equal(expected.map((line) => line.trimEnd()));
    });
  }

  it('loses nothing that stays in a window that becomes smaller than the area', async () => {
    const screen = openScreen(80, 24);
    const told = events(result([cell({ id: 'a' }), cell({ id: 'b' })]));
    await watch(screen, [...told.slice(0, -1), ...startsOf('x'.repeat(66), 8)]);
    await screen.resize(20, 4);
    await watch(screen, told.slice(-1));
    expect(await screen.lines()).to.include.members(['✓ a  45ms', '✓ b  45ms', '2 passed']);
  });

  it('has room for the counts in a window of few lines', async () => {
    const screen = openScreen(80, 4);
    await watch(screen, [events(run)[0]!, ...startsOf('x', 8)]);
    expect(await screen.visible()).to.deep.equal([
      '0 of 39  39 left  1.8s',
      '  starting  x0  1.4s',
      '  and 7 more',
    ]);
  });

  it('is not drawn more than some times a second, however many cells end', async () => {
    const cells = Array.from({ length: 1000 }, (_, i) => cell({ id: `a[${i}]` }));
    const screen = openScreen(80, 24);
    const told = events(result(cells));
    await watch(screen, told, 1);
    expect(screen.writes).to.have.length.within(10, told.length / 80 + 2);
    expect(await screen.lines()).to.include('✓ a[999]  45ms');
    expect(screen.writes.join('').length).to.be.below(100 * 1000);
  });

  it('never hides the cursor, and takes the area away where the run is stopped', async () => {
    const screen = openScreen(80, 24);
    await watch(screen, events(run).slice(0, 12));
    expect(screen.writes.join('')).not.to.contain('\u001b[?25l');
    expect((await screen.lines()).join('\n')).to.match(/ of 39 [^]* left/);
    const { area } = screen;
    area.clear();
    area.clear();
    expect((await screen.lines()).join('\n')).not.to.match(/ of 39/);
  });
});

describe('the list elsewhere', () => {
  it('draws nothing', () => {
    const { listener, text } = listen(list);
    for (const event of events(EVERYTHING).slice(0, 2)) listener.on(event);
    listener.tick?.();
    listener.stop?.();
    expect(text()).to.equal('');
  });
});

/** Tells the list of these events, one each `pause` milliseconds. */
function watch(screen: Screen, told: readonly RunEvent[], pause = 200): Promise<string[]> {
  const { listener } = listen(list, {
    area: screen.area,
    now: () => screen.clock,
    width: screen.columns,
  });
  for (const event of told) {
    screen.clock += pause;
    listener.on(event);
  }
  return screen.lines();
}

function startsOf(name: string, count: number): RunEvent[] {
  return Array.from({ length: count }, (_, i) => ({ type: 'cell:start', id: `${name}${i}` }));
}
