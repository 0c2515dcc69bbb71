import type { Logger } from 'pino';
import type { FailureReason } from '../upstream/failure.ts';
import type { Streak, StreakListener } from './streaks.ts';

/** An alert as operators read it. */
export interface Alert {
  readonly type: 'endpoint_failing' | 'service_failing';
  readonly severity: AlertSeverity;
  readonly endpoint?: string;
  readonly service?: string;
  readonly call?: string;
  readonly failure_count: number;
  /** When the first of them was. */
  readonly since: string;
  readonly message: string;
  readonly recommendation: string;
}

export type AlertSeverity = 'low' | 'medium' | 'high';

export interface AlertOptions {
  readonly log: Logger;
  /** Failures in a row that are an alert. */
  readonly after: number;
  /** Whatever comes, one alert has one line in the log in this time, in milliseconds. */
  readonly cooldownMs: number;
}

/** Writes a line for what keeps failing: when it becomes an alert, and again after each cooldown that it outlasts. */
export function createAlertLog({ log, after, cooldownMs }: AlertOptions): StreakListener {
  const writtenAt = new WeakMap<Streak['subject'], number>();
  return {
    grew(streak, at) {
      if (streak.failures < after) return;
      const last = writtenAt.get(streak.subject);
      if (last !== undefined && at - last < cooldownMs) return;
      writtenAt.set(streak.subject, at);
      const { message, ...facts } = alertOf(streak);
      log.error(facts, `Alert: ${message}`);
    },
    ended({ subject }, failures) {
      if (failures < after) return;
      const { of: _, ...facts } = subject;
      log.info({ ...facts, failures }, `No alert any more: ${titleOf(subject)} works again`);
    },
  };
}

/** @param after failures in a row that are an alert */
export function alertsOf(streaks: readonly Streak[], after: number): readonly Alert[] {
  return streaks
    .filter(({ failures }) => failures >= after)
    .sort((a, b) => b.failures - a.failures)
    .map(alertOf);
}

function alertOf({ subject, failures, failingSince, reason }: Streak): Alert {
  const { of, ...facts } = subject;
  const times = `${failures} ${failures === 1 ? 'time' : 'times'} in a row`;
  return {
    type: of === 'endpoint' ? 'endpoint_failing' : 'service_failing',
    severity: failures >= HIGH ? 'high' : failures >= MEDIUM ? 'medium' : 'low',
    ...facts,
    failure_count: failures,
    since: new Date(failingSince ?? 0).toISOString(),
    message: `${titleOf(subject)} has failed ${times}${reason ? `, the last time by ${reason}` : ''}.`,
    recommendation: reason ? RECOMMENDATIONS[reason] : FOR_AN_ENDPOINT,
  };
}

function titleOf(subject: Streak['subject']): string {
  return subject.of === 'endpoint'
    ? subject.endpoint
    : `The ${subject.call} call of the service ${subject.service}`;
}

const MEDIUM = 10;
const HIGH = 20;

const FOR_AN_ENDPOINT =
  'Look for the lines of this route at the level error in the log: each holds the cause and a request id.';

const RECOMMENDATIONS: Readonly<Record<FailureReason, string>> = {
  timeout:
    'See whether the service is overloaded or hangs; players are shown empty data meanwhile.',
  unreachable: 'See whether the service runs, and whether its address and certificate are right.',
  bad_status:
    'Look into the log of the service; where it refuses us, see whether our key is right.',
  invalid_response:
    'See whether the service has changed what it sends, or something stands before it.',
  circuit_open: 'See why the calls before failed; it is asked again by itself, and this ends then.',
  rate_limited: 'Ask the service for a higher limit, or call it less often.',
  forced: 'End the forced outage when the service may be called again.',
};
