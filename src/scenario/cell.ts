import { formatDuration } from '../common/duration.ts';
import { messageOf } from '../common/errors.ts';
import type { Instance } from '../system/system.ts';
import { createDriver } from './driver.ts';
import type { RunEvent } from './events.ts';
import type { Finding } from './expectation.ts';
import { callsSeen, now } from './judge.ts';
import { changes, contractRequest, deadlineOf, unhealthy, type Session } from './session.ts';
import { pause } from './pause.ts';
import type { Doubt, Place } from './place.ts';
import { send, sentFor, type Answer } from './request.ts';
import type { CellResult, Failure } from './result.ts';
import type { Slot } from './slots.ts';
import type { SuiteCell } from './suite.ts';

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
      const judged = await judgeCell(cell, place, context);
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

async function judgeCell(cell: SuiteCell, place: Place, context: CellContext): Promise<Outcome> {
  const { session, emit } = context;
  const { instance, run } = place;
  const baseline = cell.contract && (await session.baseline(cell.contract));
  if (baseline && 'verdict' in baseline) {
    return outcome(baseline.verdict, baseline.reason, {
      failures: failuresAt(cell, 0, baseline.findings),
      exchanges: baseline.exchanges ?? [],
    });
  }
  const driver = createDriver(cell, place, baseline?.answer, context);
  emit({ type: 'cell:phase', id: cell.id, phase: 'baseline' });
  const since = now();
  const before = await warmBaseline(cell, place, baseline?.answer, context);
  if (instance.died !== undefined || before.length > 0) {
    const failures = failuresAt(cell, 0, before);
    const reason = 'the baseline did not hold before any fault';
    const { entries: exchanges } = await session.system.control.journal({ run });
    return outcome('broken', withDeath(reason, instance), { failures, exchanges });
  }

  emit({ type: 'cell:phase', id: cell.id, phase: 'fault' });
  const failures: Failure[] = [];
  await driver.begin(since);
  for (const [i, step] of cell.steps.entries()) {
    for (const { name, findings } of await driver.run(step)) {
      failures.push(...findings.map((finding) => ({ at: cell.positionOf(i, name), ...finding })));
    }
  }
  const told = await driver.report();

  emit({ type: 'cell:phase', id: cell.id, phase: 'recovery' });
  const recovery = await recover(cell, place, baseline?.answer, context);
  failures.push(...failuresAt(cell, 0, recovery.findings));
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

/** The first request of a process is slow for reasons of its own: one that is only late may be sent again. */
async function warmBaseline(
  cell: SuiteCell,
  place: Place,
  baseline: Answer | undefined,
  context: CellContext,
): Promise<Finding[]> {
  const findings = await checkBaseline(cell, place, baseline, context);
  const cold = findings.length > 0 && findings.every(({ pointer }) => pointer === 'time');
  return cold ? checkBaseline(cell, place, baseline, context) : findings;
}

async function checkBaseline(
  { contract }: SuiteCell,
  { instance, run }: Place,
  baseline: Answer | undefined,
  { session, signal }: CellContext,
): Promise<Finding[]> {
  if (!contract || !baseline) return [];
  const request = sentFor(run, contractRequest(contract, session));
  const answer = await send(instance.url, request, deadlineOf(contract), signal);
  const sick = unhealthy(contract, answer, instance);
  return sick.length > 0 ? sick : changes(contract, baseline, answer);
}

/** Lifts the faults and asks until the answer is whole again, for as long as the scenario allows. */
async function recover(
  cell: SuiteCell,
  place: Place,
  baseline: Answer | undefined,
  context: CellContext,
): Promise<{ ms: number | null; findings: Finding[] }> {
  await context.session.system.control.clear(place.run);
  if (!baseline) return { ms: null, findings: [] };
  const lifted = performance.now();
  const expected = `whole again within ${formatDuration(cell.recoveryWithin)} of lifting the faults`;
  for (;;) {
    const findings = await checkBaseline(cell, place, baseline, context);
    const ms = performance.now() - lifted;
    const inTime = ms <= cell.recoveryWithin;
    if (findings.length === 0) {
      const late = { pointer: 'recovery', expected, got: formatDuration(ms) };
      return { ms, findings: inTime ? [] : [late] };
    }
    if (!inTime || place.instance.died !== undefined) {
      const never = { pointer: 'recovery', expected, got: 'still not' };
      return { ms: null, findings: [never, ...findings] };
    }
    await context.slot.rest(() => pause(POLL_MS, context.signal));
  }
}

/** What happened, and what the service said last. */
function withDeath(what: string, { died, log }: Instance): string {
  if (died === undefined) return what;
  return [`${what}: ${died}`, ...log.slice(-LOG_LINES)].join('\n');
}

function failuresAt(cell: SuiteCell, step: number, findings: readonly Finding[]): Failure[] {
  return findings.map((finding) => ({ at: cell.positionOf(step, 'degraded'), ...finding }));
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

const POLL_MS = 50;
const LOG_LINES = 5;
const SHOWN = 200;
