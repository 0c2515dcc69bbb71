import { STATUS_CODES } from 'node:http';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Observer } from '../observer.ts';
import type { ServiceHandle } from '../upstream/handle.ts';
import type { ErrorMonitor } from './error-monitor.ts';

/** What the portal does, in numbers, as Prometheus reads them. */
export interface Metrics extends Observer {
  readonly contentType: string;
  text(): Promise<string>;
}

export interface MetricsDependencies {
  readonly services: readonly ServiceHandle[];
  readonly monitor: Pick<ErrorMonitor, 'alerts'>;
}

/** A registry of its own, so that two portals in one process count apart. No label ever holds what a client made up. */
export function createMetrics({ services, monitor }: MetricsDependencies): Metrics {
  const registry = new Registry();
  const registers = [registry];

  const calls = new Counter({
    name: 'portal_calls_total',
    help: 'Calls to other services: ok, failed, or skipped where nothing was sent',
    labelNames: ['service', 'call', 'outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'portal_call_failures_total',
    help: 'Calls that gave nothing, by reason; status is empty where the service did not answer',
    labelNames: ['service', 'call', 'reason', 'status'],
    registers,
  });
  const attempts = new Counter({
    name: 'portal_call_attempts_total',
    help: 'Requests that were sent for calls',
    labelNames: ['service', 'call'],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'portal_call_duration_seconds',
    help: 'How long calls took for which something was sent, all attempts together',
    labelNames: ['service', 'call'],
    buckets: BUCKETS,
    registers,
  });
  const requests = new Counter({
    name: 'portal_requests_total',
    help: 'Requests by route and status; status is gone where the client did not wait',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'portal_request_duration_seconds',
    help: 'How long it took until an answer was ready',
    labelNames: ['route'],
    buckets: BUCKETS,
    registers,
  });
  const degradedAnswers = new Counter({
    name: 'portal_degraded_answers_total',
    help: 'Answers that lacked what a call should have given',
    labelNames: ['call'],
    registers,
  });
  addGauges(registers, { services, monitor });

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    called({ service, call, outcome, status, attempts: sent, durationMs }) {
      const ended = outcome === 'ok' ? 'ok' : sent === 0 ? 'skipped' : 'failed';
      calls.inc({ service, call, outcome: ended });
      if (outcome !== 'ok') {
        failures.inc({ service, call, reason: outcome, status: statusLabel(status) });
      }
      if (sent === 0) return;
      attempts.inc({ service, call }, sent);
      callSeconds.observe({ service, call }, durationMs / 1000);
    },
    answered({ method, route = 'unmatched', status, gone, durationMs, degraded }) {
      requests.inc({ method, route, status: gone ? 'gone' : statusLabel(status) });
      requestSeconds.observe({ route }, durationMs / 1000);
      for (const call of degraded) degradedAnswers.inc({ call });
    },
  };
}

/** What is known anyway, and is looked at when it is asked for. */
function addGauges(registers: Registry[], { services, monitor }: MetricsDependencies): void {
  const breakers: Gauge = new Gauge({
    name: 'portal_breaker_state',
    help: '1 for the state that the breaker of a call is in, 0 for the others',
    labelNames: ['service', 'call', 'state'],
    registers,
    collect() {
      for (const service of services) {
        for (const { call, breaker } of service.states()) {
          for (const state of BREAKER_STATES) {
            const labels = { service: service.name, call, state };
            breakers.set(labels, state === breaker ? 1 : 0);
          }
        }
      }
    },
  });
  const outages: Gauge = new Gauge({
    name: 'portal_forced_outage',
    help: '1 while an operator keeps the portal from calling a service',
    labelNames: ['service'],
    registers,
    collect() {
      for (const service of services) {
        outages.set({ service: service.name }, service.forcedSince() === undefined ? 0 : 1);
      }
    },
  });
  const alerts: Gauge = new Gauge({
    name: 'portal_alerts',
    help: 'Alerts that stand, by severity',
    labelNames: ['severity'],
    registers,
    collect() {
      const standing = monitor.alerts();
      for (const severity of SEVERITIES) {
        alerts.set({ severity }, standing.filter((alert) => alert.severity === severity).length);
      }
    },
  });
}

/** A service may answer any number. */
function statusLabel(status: number | undefined): string {
  if (status === undefined) return '';
  return status in STATUS_CODES ? String(status) : `${Math.floor(status / 100)}xx`;
}

/** Up to the deadlines of an attempt and of a page, and just beyond these. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.5, 0.8, 1, 1.1, 2.5];
const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;
const SEVERITIES = ['low', 'medium', 'high'] as const;
