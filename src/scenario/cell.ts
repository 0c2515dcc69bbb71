import { formatDuration } from '../common/duration.ts';
import { messageOf } from '../common/errors.ts';
import type { Instance } from '../system/system.ts';
import { createDriver, type Captured, type Driver } from './driver.ts';
import type { RunEvent } from './events.ts';
import type { Finding } from './expectation.ts';
import type { Section } from './fill-in.ts';
import { callsSeen, now } from './judge.ts';
import type { Session } from './session.ts';
import type { Doubt, Place } from './place.ts';
import type { CellResult, Failure } from './result.ts';
import type { Slot } from './slots.ts';
import type { SuiteCell } from './suite.ts';
import { recover, warmBaseline } from './whole.ts';

/** What came of running a cell once. */
export type Outcome = Pick<
  CellResult,
  'verdict' | 'reason' | 'recoveryMs' | 'curl' | 'failures' | 'exchanges'
>;

/** What came of running it at a place. */
export interface Ran {
  readonly outcome: Outcome;
  readonly isolation: CellResult['isolation'];
  readonly doubt?: Doubt | undefined;
}

export interface CellContext {
  readonly session: Session;
  readonly slot: Slot;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Runs one cell: baseline, faults, recovery. Whatever happens, its rules are lifted and its place is given back when the
 * promise settles. It rejects only when the run is interrupted.
 */
export async function runCell(
  cell: SuiteCell,
  take: () => Promise<Place>,
  context: CellContext,
): Promise<Ran> {
  const { session, signal } = context;
  const { control } = session.system;
  let run: string | undefined;
  let isolation: Ran['isolation'] = 'instance';
  try {
    await using place = await take();
    ({ run, isolation } = place);
    try {
      const judged = await judgeAndTearDown(cell, place, context);
      return { outcome: judged, isolation, doubt: await place.doubt() };
    } finally {
      // Before its listeners close: lifting a refusal opens one again.
      await control.clear(run);
    }
  } catch (error) {
    signal.throwIfAborted();
    return { outcome: outcome('broken', messageOf(error)), isolation };
  } finally {
    if (run !== undefined) await control.forget(run);
  }
}

/** What was set up is put back, also where the run is interrupted. */
async function judgeAndTearDown(
  cell: SuiteCell,
  place: Place,
  context: CellContext,
): Promise<Outcome> {
  const captured: Captured = new Map();
  let judged: Outcome | undefined;
  try {
    judged = await judgeCell(cell, place, captured, context);
  } finally {
    const failures = await tearDown(cell, place, captured, context);
    if (judged && failures.length > 0) judged = withTeardown(judged, failures);
  }
  return judged;
}

/** What was failed or broken already stays so; that a fault never fired is no excuse. */
function withTeardown(judged: Outcome, undone: readonly Failure[]): Outcome {
  const failures = [...judged.failures, ...undone];
  const { verdict, reason } = judged;
  if (verdict !== 'passed' && verdict !== 'inconclusive') return { ...judged, failures };
  const why = `the teardown did not hold: ${reasonOf(undone)}`;
  return {
    ...judged,
    verdict: 'failed',
    reason: reason === null ? why : `${why}; and ${reason}`,
    failures,
  };
}

async function tearDown(
  cell: SuiteCell,
  place: Place,
  captured: Captured,
  context: CellContext,
): Promise<Failure[]> {
  if (cell.teardown.length === 0) return [];
  await context.session.system.control.clear(place.run);
  const signal = AbortSignal.timeout(TEARDOWN_MS);
  const driver = createDriver(cell, place, undefined, captured, { ...context, signal });
  try {
    return await doSteps(driver, cell, 'teardown');
  } catch (error) {
    if (!signal.aborted) throw error;
    const at = cell.positionOf('teardown', 0, '');
    const expected = `done within ${formatDuration(TEARDOWN_MS)}`;
    return [{ at, pointer: 'teardown', expected, got: 'still not' }];
  }
}

/** Does them one after another; gives all that did not hold. */
async function doSteps(driver: Driver, cell: SuiteCell, section: Section): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const [i, step] of cell[section].entries()) {
    for (const { name, findings } of await driver.run(step)) {
      const at = cell.positionOf(section, i, name);
      failures.push(...findings.map((finding) => ({ at, ...finding })));
    }
  }
  return failures;
}

async function judgeCell(
  cell: SuiteCell,
  place: Place,
  captured: Captured,
  context: CellContext,
): Promise<Outcome> {
  const { session, emit } = context;
  const { instance, run } = place;
  const baseline = cell.contract && (await session.baseline(cell.contract));
  if (baseline && 'verdict' in baseline) {
    return outcome(baseline.verdict, baseline.reason, {
      failures: failuresAt(cell, baseline.findings),
      exchanges: baseline.exchanges ?? [],
    });
  }
  const driver = createDriver(cell, place, baseline?.answer, captured, context);
  const unset = await doSteps(driver, cell, 'setup');
  if (unset.length > 0) {
    const { exchanges } = await driver.report();
    return outcome('broken', `the setup did not hold: ${reasonOf(unset)}`, {
      failures: unset,
      exchanges,
    });
  }
  emit({ type: 'cell:phase', id: cell.id, phase: 'baseline' });
  const since = now();
  const before = await warmBaseline(cell, place, baseline?.answer, context);
  if (instance.died !== undefined || before.length > 0) {
    const failures = failuresAt(cell, before);
    const reason = 'the baseline did not hold before any fault';
    const { entries: exchanges } = await session.system.control.journal({ run });
    return outcome('broken', withDeath(reason, instance), { failures, exchanges });
  }

  emit({ type: 'cell:phase', id: cell.id, phase: 'fault' });
  await driver.begin(since);
  const failures = await doSteps(driver, cell, 'steps');
  const told = await driver.report();

  emit({ type: 'cell:phase', id: cell.id, phase: 'recovery' });
  const recovery = await recover(cell, place, baseline?.answer, context);
  failures.push(...failuresAt(cell, recovery.findings));
  const details = {
    failures,
    recoveryMs: driver.broke ? recovery.ms : null,
    exchanges: told.exchanges,
    curl: driver.curl,
  };
  if (instance.died !== undefined) {
    return outcome('failed', withDeath('the service died under a fault', instance), details);
  }
  const unfired =
    told.unfired.length > 0
      ? `never fired: ${told.unfired.join(', ')}; ${callsSeen(told.exchanges)}`
      : undefined;
  if (failures.length > 0) {
    const reason = reasonOf(failures);
    return outcome('failed', unfired ? `${reason}; and ${unfired}` : reason, details);
  }
  if (told.overflowed) return outcome('inconclusive', 'the journal overflowed', details);
  if (unfired) return outcome('inconclusive', unfired, details);
  return outcome('passed', null, details);
}

/** What happened, and what the service said last. */
function withDeath(what: string, { died, log }: Instance): string {
  if (died === undefined) return what;
  return [`${what}: ${died}`, ...log.lines.slice(-LOG_LINES)].join('\n');
}

function failuresAt(cell: SuiteCell, findings: readonly Finding[]): Failure[] {
  return findings.map((finding) => ({ at: cell.positionOf('steps', 0, 'degraded'), ...finding }));
}

function reasonOf(failures: readonly Failure[]): string {
  const [{ pointer, expected, got } = { pointer: '', expected: '', got: '' }, ...others] = failures;
  const first = `${pointer || 'the body'}: expected ${show(expected)}, got ${show(got)}`;
  return others.length > 0 ? `${first} (and ${others.length} more)` : first;
}

/** A sentence has no room for a whole page; the failures hold all of it. */
function show(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function outcome(
  verdict: Outcome['verdict'],
  reason: string | null,
  details: Partial<Outcome> = {},
): Outcome {
  return { failures: [], recoveryMs: null, exchanges: [], curl: null, ...details, verdict, reason };
}

const LOG_LINES = 5;
/** In all: an interrupted run is not to wait for a service that hangs. */
const TEARDOWN_MS = 10_000;
const SHOWN = 200;
