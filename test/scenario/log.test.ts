import { expect } from 'chai';
import { problemsOf, SCENARIO, SYSTEM } from './run-files.ts';
import { runProgram } from './run-program.ts';

const LOGS = `console.log(JSON.stringify({ level: 40, call: path, cause: { code: 7 }, more: 1 }))`;
/** As a busy program would: some time after it has answered. */
const LATE = `setTimeout(() => { ${LOGS} }, 100)`;

const sending = (log: object) => ({
  matrix: undefined,
  tags: [],
  steps: [{ send: 'page', expect: { log } }],
});

describe('a log line that is expected', () => {
  for (const [what, log] of Object.entries({
    'by its level and what it holds': {
      level: 'warn',
      has: { call: '/board', cause: { code: 7 } },
    },
    'by a text in it': { contains: '"more":1' },
    'by how many there are': { has: { call: '/board' }, count: 1 },
    'by its absence': { level: 'error', count: 0 },
  })) {
    it(`is found ${what}, also when it comes after the answer`, async () => {
      const { cells } = await runProgram(LATE, sending(log));
      expect(cells.map(({ verdict, reason }) => reason ?? verdict)).to.deep.equal(['passed']);
    });
  }

  it('is missed by its absence where it comes after the answer', async () => {
    const { cells } = await runProgram(LATE, sending({ level: 'warn', count: 0 }));
    expect(cells[0]?.verdict).to.equal('failed');
    expect(cells[0]?.failures[0]).to.include({ pointer: 'log' });
  });

  it('is of this request alone', async () => {
    const one = { send: 'page', expect: { log: { has: { call: '/board' }, count: 1 } } };
    const { cells } = await runProgram(LOGS, { matrix: undefined, tags: [], steps: [one, one] });
    expect(cells[0]?.verdict, cells[0]?.reason ?? '').to.equal('passed');
  });

  for (const log of [
    { level: 'error' },
    { level: 'warn', has: { call: '/player' } },
    { contains: 'no such text' },
    { has: { call: '/board' }, count: 2 },
    { level: 'warn', count: 0 },
  ]) {
    it(`is missed: ${JSON.stringify(log)}`, async () => {
      const { cells } = await runProgram(LOGS, sending(log));
      expect(cells[0]?.verdict).to.equal('failed');
      expect(cells[0]?.failures[0]).to.deep.include({
        pointer: 'log',
        expected: log,
        got: [{ level: 40, call: '/board', cause: { code: 7 }, more: 1 }],
      });
    });
  }

  for (const [line, level] of [
    ['[2026-01-01] [WARNING] the board is lost', 'warn'],
    ['ERROR: the board is lost', 'error'],
    ['{"level":"Warn"}', 'warn'],
  ] as const) {
    it(`has its level however it is written: ${line}`, async () => {
      const said = `console.error(${JSON.stringify(line)})`;
      const { cells } = await runProgram(said, sending({ level }));
      expect(cells[0]?.verdict, cells[0]?.reason ?? '').to.equal('passed');
    });
  }

  it('must say what the line holds', async () => {
    const problems = await problemsOf({
      'system.yaml': SYSTEM,
      'scenario.yaml': {
        ...SCENARIO,
        use: ['./system.yaml'],
        faults: [{ on: 'stats', inject: 'reset' }],
        steps: [{ get: '/', expect: { log: { count: 0 } } }],
      },
    });
    expect(problems).to.deep.equal(['scenario.yaml:11:7: say what the line holds']);
  });
});
