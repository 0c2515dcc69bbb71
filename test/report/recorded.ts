import type { Plan, RunEvent } from '../../src/scenario/events.ts';
import type { CellResult, Failure, Result, Verdict } from '../../src/scenario/result.ts';
import type { Listener, Reporter, ReporterOptions } from '../../src/report/reporter.ts';

type Exchange = CellResult['exchanges'][number];

/** A call of the leaderboard that was answered, unless said otherwise. */
export function exchange(part: Partial<Exchange> = {}): Exchange {
  return {
    id: 1,
    at: 1_700_000_000_000,
    run: 'r1',
    upstream: 'stats',
    call: 'leaderboard',
    method: 'GET',
    path: '/leaderboards/top_ten/exrps',
    status: 200,
    durationMs: 8.4,
    bytesIn: 0,
    bytesOut: 120,
    matched: [],
    injected: [],
    unframed: false,
    end: 'answered',
    ...part,
  };
}

/** A call of the leaderboard that was answered with an injected 503. */
export function faulted(part: Partial<Exchange> = {}): Exchange {
  const injected = [
    { rule: 'r', fault: 'status', phase: 'headers', atMs: 3.2 },
  ] as const satisfies Exchange['injected'];
  return exchange({ status: 503, durationMs: 4, matched: ['r'], injected, ...part });
}

export function failure(part: Partial<Failure> = {}): Failure {
  return {
    at: 'scenarios/portal/outage.yaml:14:9',
    pointer: '/leaderboard/error',
    expected: true,
    got: false,
    ...part,
  };
}

/** A cell that passed in 45 ms, unless said otherwise. */
export function cell(part: Partial<CellResult> = {}): CellResult {
  const id = part.id ?? 'open-game.one-call[leaderboard,status:503]';
  return {
    id,
    scenario: 'open-game.one-call',
    file: 'scenarios/portal/outage.yaml',
    line: 2,
    column: 1,
    tags: ['smoke'],
    isolation: 'baggage',
    verdict: 'passed',
    reason: null,
    durationMs: 45.3,
    recoveryMs: null,
    replay: `brownout run scenarios/portal/outage.yaml --id '${id}' --seed 7`,
    curl: 'curl -sS http://127.0.0.1:8000/games/v2/games/exrps',
    attempts: 1,
    failures: [],
    exchanges: [faulted()],
    ...part,
  };
}

/** The cell whose flag was not raised. */
export function failedCell(part: Partial<CellResult> = {}): CellResult {
  return cell({ verdict: 'failed', failures: [failure()], ...part });
}

/** The result of a run of these cells. */
export function result(cells: readonly CellResult[], part: Partial<Result> = {}): Result {
  const count = (verdict: Verdict) => cells.filter((cell) => cell.verdict === verdict).length;
  const counts = {
    passed: count('passed'),
    failed: count('failed'),
    broken: count('broken'),
    inconclusive: count('inconclusive'),
    skipped: count('skipped'),
    leftOut: 0,
    flaky: 0,
  };
  const verdict = (['broken', 'failed', 'inconclusive'] as const).find((name) => counts[name] > 0);
  return {
    version: 1,
    verdict: verdict ?? 'passed',
    exit: verdict ? { broken: 4, failed: 1, inconclusive: 5 }[verdict] : 0,
    seed: '7',
    startedAt: '2025-03-04T05:06:07.000Z',
    durationMs: 4213,
    counts,
    cells,
    ...part,
  };
}

/** What the runner tells of a run with this result. */
export function events(result: Result, planned: readonly CellResult[] = result.cells): RunEvent[] {
  const plan: Plan = {
    seed: result.seed,
    cells: planned.map(({ id, file, line }) => ({ id, file, line })),
    leftOut: result.counts.leftOut,
  };
  return [
    { type: 'run:start', plan },
    ...result.cells.flatMap((cell): RunEvent[] => [
      { type: 'cell:start', id: cell.id },
      { type: 'cell:phase', id: cell.id, phase: 'baseline' },
      { type: 'cell:phase', id: cell.id, phase: 'fault' },
      { type: 'cell:phase', id: cell.id, phase: 'recovery' },
      { type: 'cell:end', cell },
    ]),
    { type: 'run:end', result },
  ];
}

export const PLAIN: Omit<ReporterOptions, 'write'> = {
  colour: false,
  width: 80,
  now: () => 0,
};

/** All that a reporter writes of some events. */
export function report(
  reporter: Reporter,
  told: readonly RunEvent[],
  options: Partial<ReporterOptions> = {},
): string {
  const { listener, text } = listen(reporter, options);
  for (const event of told) listener.on(event);
  listener.stop?.();
  return text();
}

/** A reporter that has begun, and what it has written so far. */
export function listen(
  reporter: Reporter,
  options: Partial<ReporterOptions> = {},
): { readonly listener: Listener; readonly text: () => string } {
  let written = '';
  const write = (text: string) => void (written += text);
  const listener = reporter.start({ ...PLAIN, write, ...options });
  return { listener, text: () => written };
}

const BOARD = Array.from({ length: 200 }, (_, place) => ({ place, player: `p${place}`, score: 9 }));

/** Every verdict, unicode, controls, a big difference, long texts and many cells that fail alike. */
export const EVERYTHING: Result = result(
  [
    cell({ recoveryMs: 1024, exchanges: [exchange(), faulted({ id: 2 })] }),
    cell({ id: 'open-game.one-call[player-stats,hang]', durationMs: 61_234, recoveryMs: 12 }),
    cell({
      id: 'ranking.日本語[⚡]',
      attempts: 2,
      reason: 'a slow moment, so it was run again alone',
    }),
    failedCell({
      id: 'open-game.one-call[leaderboard,status:500]',
      reason: 'the leaderboard was broken and its flag was not raised',
      failures: [
        failure(),
        failure({ pointer: 'time', expected: 'within 1200ms', got: '2400ms' }),
        failure({ pointer: '/store/items', expected: BOARD, got: BOARD.map(twelfthChanged) }),
        failure({
          pointer: '/note',
          expected: 'é'.repeat(400),
          got: `${'é'.repeat(390)}\u0000\u001b[31m\ud800 ]]> <b> 😀`,
        }),
        failure({ pointer: '/missing one', expected: 'x', got: undefined }),
      ],
      exchanges: [
        faulted(),
        exchange({
          call: 'player-stats',
          path: `/stats/exrps/${'a'.repeat(60)}`,
          status: null,
          end: 'client-gone',
          durationMs: 1200,
          matched: ['r'],
          injected: [{ rule: 'r', fault: 'hang', phase: 'request', atMs: 0.4 }],
        }),
        exchange({ call: null, method: null, path: null, status: null, end: 'reset' }),
        exchange({ status: null, end: 'pending', durationMs: null, matched: ['cap'] }),
      ],
    }),
    failedCell({ id: 'open-game.one-call[leaderboard,reset]' }),
    failedCell({
      id: 'open-game.one-call[player-stats,reset]',
      failures: [failure({ pointer: '/player_stats/error' })],
    }),
    cell({
      id: 'profile.a-scenario-with-quite-a-long-name[leaderboard,latency:2000ms;jitter:30ms]',
      file: 'scenarios/portal/pröfile & "more".yaml',
      verdict: 'broken',
      reason: 'the baseline did not hold before any fault:\nstatus 500 instead of 200',
      exchanges: [],
      curl: null,
    }),
    cell({
      id: 'ranking.board[leaderboard,truncate]',
      verdict: 'inconclusive',
      reason: 'truncate on stats.leaderboard never fired; the calls that were seen: player-stats',
      exchanges: [exchange({ call: 'player-stats', path: '/stats/exrps/ada' })],
    }),
  ],
  {
    counts: { passed: 3, failed: 3, broken: 1, inconclusive: 1, skipped: 0, leftOut: 2, flaky: 0 },
  },
);

function twelfthChanged(row: (typeof BOARD)[number], index: number): unknown {
  return index % 12 === 0 ? { ...row, score: null } : row;
}
