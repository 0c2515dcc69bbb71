import { formatDuration } from '../../common/duration.ts';
import type { CellContext } from './cell.ts';
import type { Finding } from '../expectation.ts';
import { pause } from './pause.ts';
import type { Place } from '../isolation/place.ts';
import { send, sentFor, type Answer } from '../requests/request.ts';
import { changes, unhealthy } from './healthy.ts';
import { contractRequest, deadlineOf } from '../requests/contract-request.ts';
import type { SuiteCell } from '../suite.ts';

/** The first request of a process is slow for reasons of its own: one that is only late may be sent again. */
export async function warmBaseline(
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
export async function recover(
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

const POLL_MS = 50;
