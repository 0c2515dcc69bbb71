import { messageOf } from '../common/errors.ts';
import type { Instance } from '../system/system.ts';
import { differences } from './difference.ts';
import { createDriver } from './driver.ts';
import type { RunEvent } from './events.ts';
import type { Finding } from './expectation.ts';
import { callsSeen } from './judge.ts';
import { contractRequest, deadlineOf, unhealthy, type Session } from './session.ts';
import { pause } from './pause.ts';
import { send, type Answer } from './request.ts';
import type { CellResult, Failure } from './result.ts';
import type { Slot } from './slots.ts';
import type { SuiteCell } from './suite.ts';

/** What came of running a cell once. */
export type Outcome = Pick<
  CellResult,
  'verdict' | 'reason' | 'recoveryMs' | 'curl' | 'failures' | 'exchanges'
>;

export interface CellContext {
  readonly session: Session;
  readonly slot: Slot;
  readonly signal: AbortSignal;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Runs one cell on an instance of its own: baseline, faults, recovery. Whatever happens, its rules are lifted and its
 * instance has ended when the promise settles. It rejects only when the run is interrupted.
 */
export async function runCell(cell: SuiteCell, context: CellContext): Promise<Outcome> {
  const { session, signal } = context;
  const { control } = session.system;
  try {
    await using instance = await session.system.start(cell.id, signal);
    try {
      return await judgeCell(cell, instance, context);
    } finally {
      await control.clear(cell.id);
      await control.forget(cell.id);
    }
  } catch (error) {
    signal.throwIfAborted();
    return outcome('broken', messageOf(error));
  }
}

async function judgeCell(
  cell: SuiteCell,
  instance: Instance,
  context: CellContext,
): Promise<Outcome> {
  const { session, emit } = context;
  const baseline = cell.contract && (await session.baseline(cell.contract));
  if (baseline && 'verdict' in baseline) {
    return outcome(baseline.verdict, baseline.reason, {
      failures: failuresAt(cell, 0, baseline.findings),
    });
  }
  const driver = createDriver(cell, instance, baseline?.answer, context);
  emit({ type: 'cell:phase', id: cell.id, phase: 'baseline' });
  const before = await checkBaseline(cell, instance, baseline?.answer, context);
  if (before.length > 0) {
    const failures = failuresAt(cell, 0, before);
    return outcome('broken', 'the baseline did not hold before any fault', { failures });
  }

  emit({ type: 'cell:phase', id: cell.id, phase: 'fault' });
  const failures: Failure[] = [];
  await driver.begin();
  for (const [i, step] of cell.steps.entries()) {
    for (const { name, findings } of await driver.run(step)) {
      failures.push(...findings.map((finding) => ({ at: cell.positionOf(i, name), ...finding })));
    }
  }
  const told = await driver.report();

  emit({ type: 'cell:phase', id: cell.id, phase: 'recovery' });
  const recovery = await recover(cell, instance, baseline?.answer, context);
  failures.push(...failuresAt(cell, 0, recovery.findings));
  const details = {
    failures,
    recoveryMs: recovery.ms,
    exchanges: told.exchanges,
    curl: driver.curl,
  };
  if (instance.died !== undefined) {
    return outcome('failed', `the service died under a fault: ${instance.died}`, details);
  }
  if (failures.length > 0) return outcome('failed', reasonOf(failures), details);
  if (told.overflowed) return outcome('inconclusive', 'the journal overflowed', details);
  if (told.unfired.length > 0) {
    const faults = told.unfired.join(', ');
    return outcome('inconclusive', `never fired: ${faults}; ${callsSeen(told.exchanges)}`, details);
  }
  return outcome('passed', null, details);
}

async function checkBaseline(
  cell: SuiteCell,
  instance: Instance,
  baseline: Answer | undefined,
  { session, signal }: CellContext,
): Promise<Finding[]> {
  const { contract } = cell;
  if (!contract || !baseline) return [];
  const answer = await send(
    instance.url,
    contractRequest(contract, session),
    deadlineOf(contract),
    signal,
  );
  const sick = unhealthy(contract, answer, instance);
  return sick.length > 0
    ? sick
    : differences(baseline.json, answer.json, new Set(contract.volatile));
}

/** Lifts the faults and asks until the answer is whole again, for as long as the scenario allows. */
async function recover(
  cell: SuiteCell,
  instance: Instance,
  baseline: Answer | undefined,
  context: CellContext,
): Promise<{ ms: number | null; findings: Finding[] }> {
  await context.session.system.control.clear(cell.id);
  if (!baseline) return { ms: null, findings: [] };
  const lifted = performance.now();
  for (;;) {
    const findings = await checkBaseline(cell, instance, baseline, context);
    const ms = performance.now() - lifted;
    if (findings.length === 0) return { ms, findings };
    if (ms > cell.recoveryWithin || instance.died !== undefined) {
      const expected = `whole again within ${cell.recoveryWithin}ms of lifting the faults`;
      return {
        ms: null,
        findings: [{ pointer: 'recovery', expected, got: 'still not' }, ...findings],
      };
    }
    await context.slot.rest(() => pause(POLL_MS, context.signal));
  }
}

function failuresAt(cell: SuiteCell, step: number, findings: readonly Finding[]): Failure[] {
  return findings.map((finding) => ({ at: cell.positionOf(step, 'degraded'), ...finding }));
}

function reasonOf({ length }: readonly Failure[]): string {
  return length === 1 ? 'an expectation did not hold' : `${length} expectations did not hold`;
}

function outcome(
  verdict: Outcome['verdict'],
  reason: string | null,
  details: Partial<Outcome> = {},
): Outcome {
  return { failures: [], recoveryMs: null, exchanges: [], curl: null, ...details, verdict, reason };
}

const POLL_MS = 50;
