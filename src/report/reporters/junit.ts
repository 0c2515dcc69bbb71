import type { CellResult, EarlierTry, Result, Verdict } from '../../scenario/result.ts';
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
  choices: { flaky: 'earlier tries as flakyFailure and rerunFailure, as Maven writes them' },
  start: ({ write, choices = [] }) => ({
    on(event) {
      if (event.type === 'run:end') write(document(event.result, choices.includes('flaky')));
    },
  }),
};

function document(result: Result, withTries: boolean): string {
  const suites = [...byFile(result.cells)].map(([file, cells]) =>
    suite(file, cells, result, withTries),
  );
  const all = runIsRed(result) ? [...suites, runSuite(result)] : suites;
  const cases = all.flatMap(({ cases }) => cases);
  const root = element(
    'testsuites',
    { name: 'brownout', ...countsOf(cases), time: seconds(result.durationMs) },
    all.map(({ xml }) => xml),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function suite(
  file: string,
  cells: readonly CellResult[],
  result: Result,
  withTries: boolean,
): Suite {
  const names = distinct(cells.map(({ id }) => id));
  const cases = cells.map(({ verdict }) => OUTCOMES[verdict]);
  const time = cells.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const attributes = {
    name: file,
    ...countsOf(cases),
    time: seconds(time),
    timestamp: result.startedAt,
  };
  const children = [
    properties({ seed: result.seed }),
    ...cells.map((cell, i) => testcase(cell, names[i] ?? cell.id, withTries)),
  ];
  return { cases, xml: element('testsuite', attributes, children) };
}

function testcase(cell: CellResult, name: string, withTries: boolean): string {
  const { verdict, tags, recoveryMs } = cell;
  return element(
    'testcase',
    {
      classname: cell.file,
      name,
      file: cell.file,
      line: cell.line,
      time: seconds(cell.durationMs),
    },
    [
      properties({
        scenario: cell.scenario,
        tags: tags.length > 0 ? tags.join(' ') : null,
        isolation: verdict === 'skipped' ? null : cell.isolation,
        replay: cell.replay,
        attempts: cell.attempts > 1 ? cell.attempts : null,
        flaky: cell.flaky ? 'true' : null,
        recoveryMs,
      }),
      ...outcomeOf(cell),
      ...(withTries ? earlierTries(cell) : []),
    ],
  );
}

function outcomeOf(cell: CellResult): string[] {
  const { verdict } = cell;
  const outcome = OUTCOMES[verdict];
  if (outcome === 'passed') return [];
  const message = messageOf(cell);
  if (outcome === 'skipped') return [element(outcome, { message })];
  const text = cellLines(cell, TEXT_WIDTH, PLAIN).join('\n');
  return [element(outcome, { type: verdict, message }, text)];
}

/** Where it passed in the end, what came before is flaky; else it was tried again in vain. */
function earlierTries({ verdict, earlier = [] }: CellResult): string[] {
  return earlier.map((one) => {
    const kind = OUTCOMES[one.verdict] === 'failure' ? 'Failure' : 'Error';
    const name = `${verdict === 'passed' ? 'flaky' : 'rerun'}${kind}`;
    const lines = one.failures.flatMap((failure) => failureLines(failure, TEXT_WIDTH, PLAIN));
    const text = lines.length > 0 ? lines.join('\n') : messageOf(one);
    return element(name, { type: one.verdict, message: messageOf(one) }, [
      element('stackTrace', {}, text),
    ]);
  });
}

/** What a list of test cases shows of one before it is opened. */
function messageOf({ reason, failures: [first], verdict }: EarlierTry): string {
  return reason ?? (first && failureLines(first, TEXT_WIDTH * 2, PLAIN)[0]) ?? verdict;
}

/** A run can be red although no cell is: then it is a test case of its own, or a reader of this file would take it for green. */
function runIsRed({ exit, cells }: Result): boolean {
  return cells.length === 0 || (exit !== 0 && cells.every(isPassed));
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

/** A cell may be run several times for its own sake; test cases of one name are taken for one. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let n = 2; seen.has(own) || (own !== name && taken.has(own)); n++) own = `${name} (${n})`;
    seen.add(own);
    return own;
  });
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
