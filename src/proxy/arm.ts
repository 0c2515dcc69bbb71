import { formatDuration } from '../common/duration.ts';
import { BrownoutError, InvalidError, messageOf } from '../common/errors.ts';
import { parseRule, type PlannedRule, type UpstreamNames } from './rule-spec.ts';
import type { RuleView } from './rules.ts';
import type { PlannedTrigger } from './trigger-spec.ts';

/** A rule that acts once, and is lifted when that is over. */
export interface ArmedRule extends RuleView {
  /** When it is lifted if nothing comes that it means, in milliseconds since the epoch. */
  readonly until: number;
}

export interface ArmOptions {
  /** Only what comes in for this run. */
  readonly run?: string | undefined;
  /** How long it may take, in milliseconds; 60,000 unless said. */
  readonly ttlMs?: number | undefined;
}

/**
 * Reads a rule that is to act once. It acts on what comes next: on a connection that is open already only by the requests
 * that are still to come on it, for what is open is not what comes next.
 * @throws {InvalidError} whose paths start at the rule, or at `ttl`
 */
export function parseArmed(rule: unknown, ttlMs: number, names: UpstreamNames): PlannedRule {
  try {
    checkTtl(ttlMs);
  } catch (error) {
    throw new InvalidError([{ path: ['ttl'], message: messageOf(error) }]);
  }
  const planned = parseRule(rule, names);
  const levels = new Set(planned.faults.map(({ level }) => level));
  const atPort = planned.faults.find(({ level }) => level === 'listener');
  if (planned.spec.trigger) {
    const message = 'what is armed acts once, on what comes next: leave trigger out, or add a rule';
    throw new InvalidError([{ path: ['trigger'], message, atKey: true }]);
  }
  if (atPort) {
    const message = `${atPort.fault.name} acts on the port itself, not on one connection: add it as a rule, and lift it`;
    throw new InvalidError([{ path: ['inject'], message }]);
  }
  if (levels.size > 1) {
    const early = planned.faults.find(({ level }) => level === 'connection');
    const message =
      `${early?.fault.name} acts on the next connection, the others on the next request: ` +
      'arm them one by one, or say at: request';
    throw new InvalidError([{ path: ['inject'], message }]);
  }
  return { ...planned, trigger: ONCE };
}

/**
 * How long a rule stays armed, in milliseconds.
 * @throws {RangeError} with a sentence that says what is wrong
 */
export function checkTtl(ttlMs: number): number {
  if (ttlMs >= SHORTEST_MS && ttlMs <= LONGEST_MS) return ttlMs;
  const shown = Number.isFinite(ttlMs) ? formatDuration(ttlMs) : String(ttlMs);
  throw new RangeError(`expected 1ms to 1h, got ${shown}`);
}

export function notReplaced(id: string): BrownoutError {
  const message = `${id} is armed, for one time: lift it, and arm another`;
  return new BrownoutError('armed', message);
}

const ONCE: PlannedTrigger = { spec: {}, holds: ({ ordinal }) => ordinal === 1 };
const SHORTEST_MS = 1;
const LONGEST_MS = 3_600_000;
