import type { Logger } from 'pino';
import { z } from 'zod';
import type { CallName } from './stats.ts';

/** One way in which a document is not as the stats service was seen to write it. */
export interface Drift {
  /** A field that nobody knows does no harm; the others do. */
  readonly kind: 'unknown' | 'missing' | 'type';
  /** `[].score`; any row is meant. */
  readonly at: string;
  /** `[].score is missing` */
  readonly message: string;
}

/** Compares a document with the recorded contract. Each drift is told once, however many rows have it. */
export function driftOf(call: CallName, document: unknown): readonly Drift[] {
  const { error } = RECORDED[call].safeParse(document, { reportInput: true });
  const found = new Map((error?.issues ?? []).flatMap(driftsOf).map((one) => [one.message, one]));
  return [...found.values()];
}

/**
 * Looks at a document of each call once a minute, and tells of every unknown field once: the service changes without telling anyone,
 * and that is how one hears of it. What is missing is told with the rows and calls that it spoils.
 * @param now milliseconds
 */
export function createDriftWatch(
  log: Logger,
  now: () => number,
): (call: CallName, document: unknown) => void {
  const nextLook = new Map<CallName, number>();
  const told = new Set<string>();
  return (call, document) => {
    const at = now();
    if (at < (nextLook.get(call) ?? -Infinity)) return;
    nextLook.set(call, at + LOOK_EVERY_MS);
    for (const { kind, message } of driftOf(call, beginning(document))) {
      const name = `${call} ${message}`;
      // A service that makes up names must not fill the memory with them.
      if (kind !== 'unknown' || told.has(name) || told.size >= MOST_TOLD) continue;
      told.add(name);
      log.info({ service: 'stats', call, drift: message }, `The ${call} document has changed`);
    }
  };
}

/** Enough to learn from: who sends a million rows must not be able to keep the portal busy. */
function beginning(document: unknown): unknown {
  return Array.isArray(document) ? document.slice(0, 20) : document;
}

function driftsOf(issue: z.core.$ZodIssue): Drift[] {
  const at = issue.path.map((key) => (typeof key === 'number' ? '[]' : `.${String(key)}`)).join('');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => drift('unknown', `${at}.${cut(key)}`, 'is not known'));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0) {
    return [drift('missing', cut(at), 'is missing')];
  }
  const expected = issue.code === 'invalid_type' ? issue.expected : 'something else';
  return [drift('type', cut(at) || 'the document', `should be ${article(expected)}`)];
}

function drift(kind: Drift['kind'], at: string, what: string): Drift {
  return { kind, at, message: `${at} ${what}` };
}

function article(type: string): string {
  return type === 'array' ? 'a list' : type === 'record' ? 'an object' : `a ${type}`;
}

function cut(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

const row = z.strictObject({ user_id: z.string().min(1), score: z.number() });

/** What the service answers 200 with, as it was seen to. */
const RECORDED = {
  leaderboard: z.array(row),
  'player-stats': z.record(z.string(), z.string()),
} as const satisfies Record<CallName, z.ZodType>;

const LOOK_EVERY_MS = 60_000;
const MOST_TOLD = 100;
