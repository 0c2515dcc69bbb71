import { count, getOr } from './counts.ts';
import type { ErrorMonitor, RecentError } from './error-monitor.ts';
import type { ErrorKind } from './error-kind.ts';
import { findPatterns } from './patterns.ts';
import { startOf, type Window } from './windows.ts';

/** Everything that went wrong since the start or the last reset. */
export function overviewOf(monitor: ErrorMonitor, now: number): object {
  const { since, answers, errors } = monitor.totals();
  const streaks = monitor.streaks().map((streak) => {
    const { subject } = streak;
    const name =
      subject.of === 'endpoint' ? subject.endpoint : `${subject.service} ${subject.call}`;
    return { ...streak, name };
  });
  return {
    total_requests: sum(answers.values()),
    ...countsOf(errors),
    recent_errors_5min: countIn(monitor, '5m', now),
    recent_errors_1hour: countIn(monitor, '1h', now),
    status_code_distribution: Object.fromEntries(answers),
    consecutive_failures: Object.fromEntries(
      streaks.filter(({ failures }) => failures > 0).map(({ name, failures }) => [name, failures]),
    ),
    last_success_times: Object.fromEntries(
      streaks.flatMap(({ name, lastSuccess }) =>
        lastSuccess === undefined ? [] : [[name, iso(lastSuccess)]],
      ),
    ),
    active_alerts: monitor.alerts(),
    since: iso(since),
    last_updated: iso(now),
  };
}

/** What went wrong within a window. It begins with a whole minute: `from` says with which. */
export function summaryOf(monitor: ErrorMonitor, window: Window, now: number): object {
  const from = startOf(window, now);
  const minutes = monitor.from(from);
  const errors = new Map<ErrorKind, number>();
  for (const { counts } of minutes) {
    for (const [kind, times] of counts) count(errors, kind, times);
  }
  const statuses: Record<number, number> = {};
  for (const [kind, times] of errors) {
    if (kind.of === 'answer') statuses[kind.status] = (statuses[kind.status] ?? 0) + times;
  }
  return {
    time_window: window,
    from: iso(from),
    to: iso(now),
    ...countsOf(errors),
    status_code_distribution: statuses,
    patterns: findPatterns(minutes),
  };
}

/** An error as operators read it: what it was, when and in which request. The log has the rest. */
export function describeRecent({ kind, at, requestId }: RecentError): object {
  const { of: _, ...facts } = kind;
  return { ...facts, time: iso(at), request_id: requestId };
}

function countsOf(errors: ReadonlyMap<ErrorKind, number>): object {
  const [endpoints, services] = [new Map<string, ByStatus>(), new Map<string, ByCall>()];
  let [client, server, failures] = [0, 0, 0];
  for (const [kind, times] of errors) {
    if (kind.of === 'call') {
      failures += times;
      const calls = getOr<string, ByCall>(services, kind.service, () => ({}));
      const reasons = (calls[kind.call] ??= {});
      reasons[kind.reason] = (reasons[kind.reason] ?? 0) + times;
    } else {
      if (kind.status < 500) client += times;
      else server += times;
      const statuses = getOr<string, ByStatus>(endpoints, kind.endpoint, () => ({}));
      statuses[kind.status] = (statuses[kind.status] ?? 0) + times;
    }
  }
  return {
    total_errors: client + server,
    server_errors: server,
    client_errors: client,
    // Players mostly saw these as a 200 with an empty part.
    service_failures: failures,
    errors_by_endpoint: Object.fromEntries(endpoints),
    failures_by_service: Object.fromEntries(services),
  };
}

type ByStatus = Record<number, number>;
type ByCall = Record<string, Record<string, number>>;

/** Errors among the answers, as in `total_errors`. */
function countIn(monitor: ErrorMonitor, window: Window, now: number): number {
  return sum(
    monitor
      .from(startOf(window, now))
      .flatMap(({ counts }) =>
        [...counts].flatMap(([kind, times]) => (kind.of === 'answer' ? times : [])),
      ),
  );
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
