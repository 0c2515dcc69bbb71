import type { CellResult, Result, Verdict } from '../../scenario/result.ts';
import { cellLines } from '../cell-lines.ts';
import { failureLines } from '../failure-lines.ts';
import { createPaint } from '../paint.ts';
import type { Reporter } from '../reporter.ts';
import { meaningOf } from '../verdicts.ts';
import { element } from '../xml.ts';

export const junit: Reporter = {
  name: 'junit',
  summary: 'JUnit XML, for continuous integration',
  extension: 'xml',
  start: ({ write }) => ({
    on(event) {
      if (event.type === 'run:end') write(document(event.result));
    },
  }),
};

function document(result: Result): string {
  const suites = [...byFile(result.cells)].map(([file, cells]) => suite(file, cells, result));
  const all = runIsRed(result) ? [...suites, runSuite(result)] : suites;
  const cases = all.flatMap(({ cases }) => cases);
  const root = element(
    'testsuites',
    { name: 'brownout', ...countsOf(cases), time: seconds(result.durationMs) },
    all.map(({ xml }) => xml),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function suite(file: string, cells: readonly CellResult[], result: Result): Suite {
  const cases = cells.map(({ verdict }) => OUTCOMES[verdict]);
  const time = cells.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const attributes = {
    name: file,
    ...countsOf(cases),
    time: seconds(time),
    timestamp: result.startedAt,
  };
  const children = [properties({ seed: result.seed }), ...cells.map(testcase)];
  return { cases, xml: element('testsuite', attributes, children) };
}

function testcase(cell: CellResult): string {
  const { verdict, tags, recoveryMs } = cell;
  const outcome = OUTCOMES[verdict];
  const text = cellLines(cell, TEXT_WIDTH, PLAIN).join('\n');
  return element(
    'testcase',
    {
      classname: cell.file,
      name: cell.id,
      file: cell.file,
      line: cell.line,
      time: seconds(cell.durationMs),
    },
    [
      properties({
        scenario: cell.scenario,
        tags: tags.length > 0 ? tags.join(' ') : null,
        isolation: cell.isolation,
        replay: cell.replay,
        attempts: cell.attempts > 1 ? cell.attempts : null,
        recoveryMs,
      }),
      ...(outcome === 'passed'
        ? []
        : [element(outcome, { type: verdict, message: messageOf(cell) }, text)]),
    ],
  );
}

/** What a list of test cases shows of one before it is opened. */
function messageOf({ reason, failures: [first], verdict }: CellResult): string {
  return reason ?? (first && failureLines(first, TEXT_WIDTH * 2, PLAIN)[0]) ?? verdict;
}

/** A run can be red although no cell is: then it is a test case of its own, or a reader of this file would take it for green. */
function runIsRed({ verdict, cells }: Result): boolean {
  return cells.length === 0 || (verdict !== 'passed' && cells.every(isPassed));
}

function runSuite(result: Result): Suite {
  const cases = ['error'] as const;
  const message = meaningOf(result);
  const error = element('error', { type: result.verdict, message }, message);
  const testcase = element('testcase', { classname: 'brownout', name: 'run', time: '0.000' }, [
    error,
  ]);
  const attributes = { name: 'run', ...countsOf(cases), time: '0.000' };
  return {
    cases,
    xml: element('testsuite', { ...attributes, timestamp: result.startedAt }, [testcase]),
  };
}

function properties(values: Readonly<Record<string, string | number | null>>): string {
  const said = Object.entries(values).filter(([, value]) => value !== null);
  return element(
    'properties',
    {},
    said.map(([name, value]) => element('property', { name, value })),
  );
}

function countsOf(cases: readonly Outcome[]) {
  return {
    tests: cases.length,
    failures: cases.filter((outcome) => outcome === 'failure').length,
    errors: cases.filter((outcome) => outcome === 'error').length,
    skipped: cases.filter((outcome) => outcome === 'skipped').length,
  };
}

function byFile(cells: readonly CellResult[]): Map<string, CellResult[]> {
  const files = new Map<string, CellResult[]>();
  for (const cell of cells) files.set(cell.file, [...(files.get(cell.file) ?? []), cell]);
  return files;
}

function isPassed({ verdict }: CellResult): boolean {
  return verdict === 'passed';
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

interface Suite {
  readonly cases: readonly Outcome[];
  readonly xml: string;
}

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/**
 * A failure says that the service is wrong. Broken and inconclusive say that nothing could be judged, which is what JUnit
 * calls an error; `skipped` would turn the build green over a fault that never fired.
 */
const OUTCOMES: Readonly<Record<Verdict, Outcome>> = {
  passed: 'passed',
  failed: 'failure',
  broken: 'error',
  inconclusive: 'error',
  skipped: 'skipped',
};
const PLAIN = createPaint(false);
const TEXT_WIDTH = 100;
