import { formatDuration } from '../../common/duration.ts';
import { messageOf } from '../../common/errors.ts';
import type { Instance } from '../../system/system.ts';
import { hearOfDeath } from './death.ts';
import { createDriver, type Captured, type Driver } from './driver.ts';
import type { RunEvent } from '../events.ts';
import type { Section } from '../load/fill-in.ts';
import { callsSeen, now } from '../judge/judge.ts';
import type { Session } from './session.ts';
import type { Doubt, Offer, Place } from '../isolation/place.ts';
import { failuresAt, outcomeOf, reasonOf, type Outcome } from './outcome.ts';
import type { CellResult, Failure } from '../result.ts';
import type { Slot } from './slots.ts';
import type { SuiteCell } from '../suite.ts';
import { limitTime, unlessAborted, type Limit } from './timeout.ts';
import { tooLate, type Course } from './too-late.ts';
import { underLoad } from './under-load.ts';
import { recover, warmBaseline } from './whole.ts';

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
  /** The most that it may take once its service is up, in milliseconds. */
  readonly timeout: number;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Runs one cell: baseline, faults, recovery. Whatever happens, its rules are lifted and its place is given back when the
 * promise settles. It rejects only when the run is interrupted.
 */
export async function runCell(cell: SuiteCell, offer: Offer, context: CellContext): Promise<Ran> {
  const { session, signal } = context;
  const { control } = session.system;
  let run: string | undefined;
  const { isolation } = offer;
  try {
    await using place = await offer.take(context.slot);
    ({ run } = place);
    using limit = limitTime(context.timeout, signal);
    try {
      const judged = await judgeAndTearDown(cell, place, context, limit);
      return { outcome: judged, isolation, doubt: await place.doubt() };
    } finally {
      // Before its listeners close: lifting a refusal opens one again.
      await control.clear(run);
    }
  } catch (error) {
    signal.throwIfAborted();
    return { outcome: outcomeOf('broken', messageOf(error)), isolation };
  } finally {
    if (run !== undefined) await control.forget(run);
  }
}

/** What was set up is put back, also where the run is interrupted; where no baseline is known nothing was. */
async function judgeAndTearDown(
  cell: SuiteCell,
  place: Place,
  context: CellContext,
  limit: Limit,
): Promise<Outcome> {
  const captured: Captured = new Map();
  const course: Course = { at: 'the baseline', broke: false };
  let judged: Outcome | undefined;
  try {
    judged = await judgeCell(cell, place, captured, { ...context, signal: limit.signal }, course);
  } catch (error) {
    if (!limit.late) throw error;
    judged = await tooLate(cell, place, context, course);
  } finally {
    const failures = course.driver ? await tearDown(cell, place, captured, context, course) : [];
    if (judged && failures.length > 0) {
      judged = withTeardown(judged, failures);
    }
  }
  return judged;
}

/** What could not be put back is a failure of its own; a service that was not well before is not judged by it. */
function withTeardown(judged: Outcome, failures: readonly Failure[]): Outcome {
  const { verdict, reason } = judged;
  const said = `the teardown did not hold: ${reasonOf(failures)}`;
  // What makes it failed is told first.
  const reasons = verdict === 'inconclusive' ? [said, reason] : [reason, said];
  return {
    ...judged,
    verdict: verdict === 'broken' ? verdict : 'failed',
    reason: reasons.filter((one) => one !== null).join('; and '),
    failures: [...judged.failures, ...failures],
  };
}

async function tearDown(
  cell: SuiteCell,
  place: Place,
  captured: Captured,
  context: CellContext,
  { baseline }: Course,
): Promise<Failure[]> {
  if (cell.teardown.length === 0) return [];
  await context.session.system.control.clear(place.run);
  const signal = AbortSignal.timeout(TEARDOWN_MS);
  const driver = createDriver(cell, place, baseline, captured, { ...context, signal });
  try {
    return await doSteps(driver, cell, 'teardown', { at: '', broke: true });
  } catch (error) {
    if (!signal.aborted) throw error;
    const at = cell.positionOf('teardown', 0, '');
    const expected = `done within ${formatDuration(TEARDOWN_MS)}`;
    return [{ at, pointer: 'teardown', expected, got: 'still not' }];
  }
}

/** Does them one after another; gives all that did not hold. */
async function doSteps(
  driver: Driver,
  cell: SuiteCell,
  section: Section,
  course: Course,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const [i, step] of cell[section].entries()) {
    course.at = section === 'steps' ? `step ${i + 1}` : `step ${i + 1} of the ${section}`;
    for (const { name, findings } of await driver.run(step)) {
      const at = cell.positionOf(section, i, name);
      for (const finding of findings) failures.push({ at, ...finding });
    }
  }
  return failures;
}

async function judgeCell(
  cell: SuiteCell,
  place: Place,
  captured: Captured,
  context: CellContext,
  course: Course,
): Promise<Outcome> {
  const { session, emit, signal } = context;
  const { instance, run } = place;
  const baseline = cell.contract && (await unlessAborted(session.baseline(cell.contract), signal));
  if (baseline && 'verdict' in baseline) {
    return outcomeOf(baseline.verdict, baseline.reason, {
      failures: failuresAt(cell, baseline.findings),
      exchanges: baseline.exchanges ?? [],
    });
  }
  const driver = createDriver(cell, place, baseline?.answer, captured, context);
  Object.assign(course, { driver, baseline: baseline?.answer });
  const unset = await doSteps(driver, cell, 'setup', course);
  if (unset.length > 0) {
    const { exchanges } = await driver.report();
    await hearOfDeath(instance, unset, signal);
    const reason = withDeath(`the setup did not hold: ${reasonOf(unset)}`, instance);
    return outcomeOf('broken', reason, {
      failures: unset,
      exchanges,
    });
  }
  emit({ type: 'cell:phase', id: cell.id, phase: 'baseline' });
  course.at = 'the baseline';
  const since = now();
  const before = await warmBaseline(cell, place, baseline?.answer, context);
  if (instance.died !== undefined || before.length > 0) {
    const failures = failuresAt(cell, before);
    await hearOfDeath(instance, failures, signal);
    const reason = 'the baseline did not hold before any fault';
    const { entries: exchanges } = await session.system.control.journal({ run });
    return outcomeOf('broken', withDeath(reason, instance), { failures, exchanges });
  }

  emit({ type: 'cell:phase', id: cell.id, phase: 'fault' });
  Object.assign(course, { at: 'putting the faults up', broke: true });
  await driver.begin(since);
  const { failures, shortfall, load } = await underLoad(cell, place, driver, context, () =>
    doSteps(driver, cell, 'steps', course),
  );
  const told = await driver.report();

  emit({ type: 'cell:phase', id: cell.id, phase: 'recovery' });
  course.at = 'the recovery';
  const recovery = await recover(cell, place, baseline?.answer, context);
  failures.push(...failuresAt(cell, recovery.findings));
  const details = {
    failures,
    recoveryMs: driver.broke ? recovery.ms : null,
    exchanges: told.exchanges,
    curl: driver.curl,
    ...(load ? { load } : {}),
  };
  await hearOfDeath(instance, failures, signal);
  if (instance.died !== undefined) {
    return outcomeOf('failed', withDeath('the service died under a fault', instance), details);
  }
  const unfired =
    told.unfired.length > 0
      ? `never fired: ${told.unfired.join(', ')}; ${callsSeen(told.exchanges)}`
      : undefined;
  if (failures.length > 0) {
    const reason = reasonOf(failures);
    return outcomeOf('failed', unfired ? `${reason}; and ${unfired}` : reason, details);
  }
  if (told.overflowed) return outcomeOf('inconclusive', 'the journal overflowed', details);
  const unsure = unfired ?? shortfall;
  if (unsure) return outcomeOf('inconclusive', unsure, details);
  return outcomeOf('passed', null, details);
}

/** What happened, and what the service said last. */
function withDeath(what: string, { died, log }: Instance): string {
  if (died === undefined) return what;
  return [`${what}: ${died}`, ...log.lines.slice(-LOG_LINES)].join('\n');
}

const LOG_LINES = 5;
/** In all: an interrupted run is not to wait for a service that hangs. */
const TEARDOWN_MS = 10_000;
