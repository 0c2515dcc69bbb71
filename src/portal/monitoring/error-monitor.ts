import type { Logger } from 'pino';
import type { Observer } from '../observer.ts';
import type { FailureReason } from '../upstream/failure.ts';
import { alertsOf, createAlertLog, type Alert } from './alerts.ts';
import { count } from './counts.ts';
import { createErrorKinds, endpointOf, type ErrorKind } from './error-kind.ts';
import { createMinutes, type Minute } from './minutes.ts';
import { createRecent } from './recent.ts';
import type { MonitoringConfig } from './settings.ts';
import { createStreaks, type Streak, type Subject } from './streaks.ts';

/** Keeps what went wrong, within bounds, however much it is. */
export interface ErrorMonitor extends Observer {
  /** Everything since the start or the last reset. */
  totals(): Totals;
  /** The minutes from the one that holds this moment on. */
  from(moment: number): readonly Minute<ErrorKind>[];
  /** The newest first. */
  recent(withClientErrors: boolean): readonly RecentError[];
  streaks(): readonly Streak[];
  /** Of a call to a service; undefined before the first. */
  streakOf(service: string, call: string): Streak | undefined;
  alerts(): readonly Alert[];
  reset(): void;
}

export interface Totals {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly answers: ReadonlyMap<number, number>;
  readonly errors: ReadonlyMap<ErrorKind, number>;
}

export interface RecentError {
  readonly kind: ErrorKind;
  readonly at: number;
  readonly requestId: string;
}

export function createErrorMonitor({
  config,
  log,
  now,
}: {
  readonly config: Pick<MonitoringConfig, 'alertAfter' | 'alertCooldownMs'>;
  readonly log: Logger;
  readonly now: () => number;
}): ErrorMonitor {
  const { alertAfter: after, alertCooldownMs: cooldownMs } = config;
  const kinds = createErrorKinds();
  const minutes = createMinutes<ErrorKind>();
  // Apart, so that a flood of one does not wash away the other.
  const clientErrors = createRecent<RecentError>(MOST_RECENT);
  const otherErrors = createRecent<RecentError>(MOST_RECENT);
  const streaks = createStreaks(createAlertLog({ log, after, cooldownMs }));
  const answers = new Map<number, number>();
  const errors = new Map<ErrorKind, number>();
  let since = now();

  const keep = (kind: ErrorKind, at: number, requestId: string) => {
    count(errors, kind);
    minutes.add(kind, at);
    (isClientError(kind) ? clientErrors : otherErrors).add({ kind, at, requestId });
  };

  return {
    answered(answer) {
      const { status, gone, requestId } = answer;
      // What became of it nobody knows, and nobody was told.
      if (gone) return;
      count(answers, status);
      const at = now();
      const endpoint = endpointOf(answer);
      if (status >= 400) keep(kinds.ofAnswer(answer), at, requestId);
      if (status >= 500) streaks.failed(endpoint, endpointSubject, at);
      // A 4xx tells nothing of whether the endpoint works.
      else if (status < 400) streaks.succeeded(endpoint, endpointSubject, at);
    },
    called({ service, call, outcome, status, requestId }) {
      const at = now();
      const key = callKey(service, call);
      if (outcome === 'ok') return streaks.succeeded(key, callSubject, at);
      keep(kinds.ofCall(service, call, outcome), at, requestId);
      if (isTrouble(outcome, status)) streaks.failed(key, callSubject, at, outcome);
    },
    totals: () => ({ since, answers, errors }),
    from: (moment) => minutes.from(moment),
    recent(withClientErrors) {
      const others = otherErrors.list();
      if (!withClientErrors) return others;
      return [...clientErrors.list(), ...others].sort((a, b) => b.at - a.at);
    },
    streaks: () => streaks.list(),
    streakOf: (service, call) => streaks.get(callKey(service, call)),
    alerts: () => alertsOf(streaks.list(), after),
    reset() {
      since = now();
      answers.clear();
      errors.clear();
      minutes.clear();
      clientErrors.clear();
      otherErrors.clear();
      streaks.clear();
    },
  };
}

function isClientError(kind: ErrorKind): boolean {
  return kind.of === 'answer' && kind.status < 500;
}

/**
 * Whether a call that failed says that the service is in trouble. An operator who switched it off knows; and a service that finds
 * fault with what was asked, as players may ask anything, works. Where it finds fault with us, it is trouble.
 */
function isTrouble(reason: FailureReason, status: number | undefined): boolean {
  if (reason === 'forced') return false;
  const refused = reason === 'bad_status' && status !== undefined && status >= 400 && status < 500;
  return !refused || status === 401 || status === 403;
}

function callKey(service: string, call: string): string {
  return `${service} ${call}`;
}

function callSubject(key: string): Subject {
  const [service = '', call = ''] = key.split(' ');
  return { of: 'call', service, call };
}

function endpointSubject(endpoint: string): Subject {
  return { of: 'endpoint', endpoint };
}

const MOST_RECENT = 1000;
