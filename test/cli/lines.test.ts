import { Chalk } from 'chalk';
import { expect } from 'chai';
import { journalLine } from '../../src/cli/journal-line.ts';
import { describeRule } from '../../src/cli/rule-line.ts';
import { table } from '../../src/cli/table.ts';
import type { JournalEntry } from '../../src/proxy/journal.ts';
import { columns } from '../../src/report/columns.ts';

const STYLE = { width: 80, nameWidth: 12, paint: new Chalk({ level: 0 }) };
const ENTRY: JournalEntry = {
  id: 1,
  at: new Date(2026, 0, 2, 3, 4, 5, 6).getTime(),
  run: null,
  upstream: 'stats',
  call: null,
  method: 'GET',
  path: '/x',
  status: 200,
  durationMs: 12,
  bytesIn: 1,
  bytesOut: 1,
  matched: [],
  injected: [],
  unframed: false,
  end: 'answered',
};

describe('the line of an exchange', () => {
  for (const [what, change, line] of [
    ['that was answered', {}, '03:04:05.006  stats         GET /x → 200  12ms'],
    ['of a call', { call: 'board' }, '03:04:05.006  stats.board   GET /x → 200  12ms'],
    [
      'whose upstream is dead',
      { status: null, end: 'upstream-failed', failure: 'ECONNREFUSED' },
      '03:04:05.006  stats         GET /x → upstream failed (ECONNREFUSED)  12ms',
    ],
    [
      'that was cut in its answer',
      { end: 'reset', injected: [{ rule: 'r1', fault: 'truncate', phase: 'body', atMs: 1 }] },
      '03:04:05.006  stats         GET /x → 200, reset  12ms  truncate',
    ],
    [
      'that goes on',
      { status: null, durationMs: null, end: 'pending', matched: ['r1'] },
      '03:04:05.006  stats         GET /x → no end yet  (r1 did nothing)',
    ],
    [
      'whose baggage brought its fault',
      {
        injected: [{ rule: 'plan', fault: 'status', phase: 'request', atMs: 0 }],
        plan: 'x=status:5',
      },
      '03:04:05.006  stats         GET /x → 200  12ms  status; plan x=status:5',
    ],
    [
      'whose plan was not heeded',
      { planProblem: 'ignored: not allowed\nhere' },
      '03:04:05.006  stats         GET /x → 200  12ms  plan: ignored: not allowed; here',
    ],
    [
      'that is a connection',
      { method: null, path: null, status: null, end: 'closed' },
      '03:04:05.006  stats         a connection → closed  12ms',
    ],
    [
      'whose path would move the cursor',
      { path: '/\u001b[2J' },
      '03:04:05.006  stats         GET /\\u001b[2J → 200  12ms',
    ],
  ] as const) {
    it(`tells of one ${what}`, () => {
      expect(journalLine({ ...ENTRY, ...change }, STYLE)).to.equal(line);
    });
  }

  it('is never longer than the screen, whatever it holds', () => {
    const injected = Array.from({ length: 30 }, (_, i) => {
      return { rule: 'r1', fault: `fault-${i}`, phase: 'body' as const, atMs: 1 };
    });
    for (const path of ['/x', `/${'long'.repeat(99)}`, `/${'広'.repeat(99)}`])
      for (const entry of [
        { path },
        { path, injected },
        { path, injected, plan: 'x'.repeat(999) },
        { path, planProblem: '広'.repeat(999) },
        { path, upstream: 'u'.repeat(70) },
      ])
        for (const width of [40, 80, 200])
          expect(columns(journalLine({ ...ENTRY, ...entry }, { ...STYLE, width }))).to.be.most(
            width,
          );
  });
});

describe('the line of a rule', () => {
  it('tells all that it says, in one line', () => {
    const rule = {
      id: 'a.r1',
      run: 'a',
      on: 'stats',
      match: { path: '/x', query: { a: { present: true } } },
      inject: [{ fault: 'status', code: 503, body: '[]\n\u001b' }, { fault: 'reset' }],
      trigger: { nth: [2, 5] },
    };
    expect(describeRule(rule)).to.equal(
      'a.r1 on stats {path: /x, query: {a: {present: true}}}: status code 503, body "[]\\n\\u001b" + reset, nth [2, 5], in run a',
    );
  });
});

describe('a table', () => {
  it('leaves out what is empty, and cuts the longest columns until it fits', () => {
    const rows = [
      ['r1', 'short', 'x'.repeat(100), '', 'y'.repeat(50)],
      ['r2', 'short', 'x', '', 'y'],
    ];
    const lines = table(['id', 'on', 'what', 'when', 'run'], rows, 60);
    expect(Math.max(...lines.map(columns))).to.equal(60);
    expect(lines[0]).to.match(/^id {2}on +what +run$/);
    expect(lines[1]).to.match(/^r1 {2}short {2}x+… {2}y+…$/);
  });
});
