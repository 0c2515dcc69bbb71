import { STATUS_CODES } from 'node:http';
import type { AnswerReport, CallReport, CountedMethod, Observer } from '../observer.ts';
import type { FailureReason } from '../upstream/failure.ts';
import { count, getOr } from './counts.ts';
import { createDurations, type Durations } from './durations.ts';
import { UNMATCHED } from './error-kind.ts';

/** Counts what the portal does since its start. Costs next to nothing: it is read far less often than it is told. */
export interface Tally extends Observer {
  called(call: CallReport): void;
  answered(answer: AnswerReport): void;
  /** As its route is written; `unmatched` where none was met. */
  readonly routes: ReadonlyMap<string, RouteTally>;
  /** By service, then by call. */
  readonly services: ReadonlyMap<string, ReadonlyMap<string, CallTally>>;
  /** Answers that lacked what a call should have given, by call. */
  readonly degraded: ReadonlyMap<string, number>;
}

export interface RouteTally {
  readonly durations: Durations;
  readonly answers: Map<CountedMethod, Map<StatusLabel, number>>;
}

export interface CallTally {
  readonly durations: Durations;
  readonly outcomes: Record<'ok' | 'failed' | 'skipped', number>;
  readonly failures: Map<FailureReason, Map<StatusLabel, number>>;
  attempts: number;
}

/** A status that has a name; any other by its hundred, as a service may answer any number. */
export type StatusLabel = number | '' | 'gone' | `${number}xx`;

export function createTally(): Tally {
  const routes = new Map<string, RouteTally>();
  const services = new Map<string, Map<string, CallTally>>();
  const degraded = new Map<string, number>();
  return {
    routes,
    services,
    degraded,
    answered(answer) {
      const { durations, answers } = getOr(routes, answer.route ?? UNMATCHED, newRoute);
      durations.add(answer.durationMs);
      const status = answer.gone ? 'gone' : labelOf(answer.status);
      count(getOr(answers, answer.method, newMap<StatusLabel>), status);
      for (const call of answer.degraded) count(degraded, call);
    },
    called({ service, call, outcome, status, attempts, durationMs }) {
      const tally = getOr(getOr(services, service, newMap<string, CallTally>), call, newCall);
      if (attempts > 0) {
        tally.durations.add(durationMs);
        tally.attempts += attempts;
      }
      tally.outcomes[outcome === 'ok' ? 'ok' : attempts === 0 ? 'skipped' : 'failed'] += 1;
      if (outcome === 'ok') return;
      count(getOr(tally.failures, outcome, newMap<StatusLabel>), labelOf(status));
    },
  };
}

function labelOf(status: number | undefined): StatusLabel {
  if (status === undefined) return '';
  return status in STATUS_CODES ? status : `${Math.floor(status / 100)}xx`;
}

function newMap<K, V = number>(): Map<K, V> {
  return new Map();
}

function newRoute(): RouteTally {
  return { durations: createDurations(), answers: new Map() };
}

function newCall(): CallTally {
  return {
    durations: createDurations(),
    outcomes: { ok: 0, failed: 0, skipped: 0 },
    failures: new Map(),
    attempts: 0,
  };
}
