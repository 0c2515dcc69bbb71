import type { Counter, Gauge, Metric, Registry } from 'prom-client';
import type { ServiceHandle } from '../upstream/handle.ts';
import type { ErrorMonitor } from './error-monitor.ts';
import type { DurationFacts } from './durations.ts';
import type { CallTally, Tally } from './tally.ts';

/** What the portal does, in numbers, as Prometheus reads them. */
export interface Metrics {
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export interface MetricsDependencies {
  readonly tally: Pick<Tally, 'routes' | 'services' | 'degraded'>;
  readonly services: readonly ServiceHandle[];
  readonly monitor: Pick<ErrorMonitor, 'alerts'>;
}

/**
 * A registry of its own, so that two portals in one process count apart. It is made when it is first asked for, and the numbers are read off
 * what is counted anyway: nobody pays for them before. No label ever holds what a client made up.
 */
export function createMetrics(dependencies: MetricsDependencies): Metrics {
  let made: Promise<Registry> | undefined;
  return {
    async read() {
      made ??= createRegistry(dependencies);
      const registry = await made;
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

async function createRegistry(dependencies: MetricsDependencies): Promise<Registry> {
  const prometheus = await import('prom-client');
  const registry = new prometheus.Registry();
  for (const { kind, name, help, labels, read } of NUMBERS) {
    const Kind = kind === 'gauge' ? prometheus.Gauge : prometheus.Counter;
    const metric: Counter | Gauge = new Kind({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        metric.reset();
        for (const [values, value] of read(dependencies)) metric.inc(values, value);
      },
    });
  }
  for (const histogram of HISTOGRAMS) {
    registry.registerMetric(histogramOf(histogram, dependencies));
  }
  return registry;
}

type Labels = Readonly<Record<string, string | number>>;

interface NumberOf {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (from: MetricsDependencies) => readonly (readonly [Labels, number])[];
}

interface HistogramOf {
  readonly name: string;
  readonly help: string;
  readonly read: (from: MetricsDependencies) => readonly (readonly [Labels, DurationFacts])[];
}

/** Not a Histogram of prom-client: that one is told of each time, and keeps the counts itself. */
function histogramOf({ name, help, read }: HistogramOf, from: MetricsDependencies): Metric {
  const metric = {
    name,
    async get() {
      const values = read(from).flatMap(([labels, { buckets, seconds, count }]) => [
        ...buckets.map(({ atMostSeconds, count: value }) => ({
          metricName: `${name}_bucket`,
          labels: { le: atMostSeconds === Infinity ? '+Inf' : atMostSeconds, ...labels },
          value,
        })),
        { metricName: `${name}_sum`, labels, value: seconds },
        { metricName: `${name}_count`, labels, value: count },
      ]);
      return { name, help, type: 'histogram', values };
    },
  };
  return metric as unknown as Metric;
}

/** What every call to another service has. */
function calls<T>(
  { tally }: MetricsDependencies,
  read: (tally: CallTally, labels: Labels) => readonly T[],
): T[] {
  return [...tally.services].flatMap(([service, byCall]) =>
    [...byCall].flatMap(([call, one]) => read(one, { service, call })),
  );
}

const NUMBERS: readonly NumberOf[] = [
  {
    kind: 'counter',
    name: 'portal_calls_total',
    help: 'Calls to other services: ok, failed, or skipped where nothing was sent',
    labels: ['service', 'call', 'outcome'],
    read: (from) =>
      calls(from, ({ outcomes }, labels) =>
        Object.entries(outcomes).map(([outcome, n]) => [{ ...labels, outcome }, n] as const),
      ),
  },
  {
    kind: 'counter',
    name: 'portal_call_failures_total',
    help: 'Calls that gave nothing, by reason; status is empty where the service did not answer',
    labels: ['service', 'call', 'reason', 'status'],
    read: (from) =>
      calls(from, ({ failures }, labels) =>
        [...failures].flatMap(([reason, byStatus]) =>
          [...byStatus].map(([status, n]) => [{ ...labels, reason, status }, n] as const),
        ),
      ),
  },
  {
    kind: 'counter',
    name: 'portal_call_attempts_total',
    help: 'Requests that were sent for calls',
    labels: ['service', 'call'],
    read: (from) => calls(from, ({ attempts }, labels) => [[labels, attempts] as const]),
  },
  {
    kind: 'counter',
    name: 'portal_requests_total',
    help: 'Requests by route and status; status is gone where the client did not wait',
    labels: ['method', 'route', 'status'],
    read: ({ tally }) =>
      [...tally.routes].flatMap(([route, { answers }]) =>
        [...answers].flatMap(([method, byStatus]) =>
          [...byStatus].map(([status, n]) => [{ method, route, status }, n] as const),
        ),
      ),
  },
  {
    kind: 'counter',
    name: 'portal_degraded_answers_total',
    help: 'Answers that lacked what a call should have given',
    labels: ['call'],
    read: ({ tally }) => [...tally.degraded].map(([call, n]) => [{ call }, n] as const),
  },
  {
    kind: 'gauge',
    name: 'portal_breaker_state',
    help: '1 for the state that the breaker of a call is in, 0 for the others',
    labels: ['service', 'call', 'state'],
    read: ({ services }) =>
      services.flatMap((service) =>
        service.states().flatMap(({ call, breaker }) =>
          BREAKER_STATES.map((state) => {
            return [{ service: service.name, call, state }, Number(state === breaker)] as const;
          }),
        ),
      ),
  },
  {
    kind: 'gauge',
    name: 'portal_forced_outage',
    help: '1 while an operator keeps the portal from calling a service',
    labels: ['service'],
    read: ({ services }) =>
      services.map((service) => {
        return [{ service: service.name }, Number(service.forcedSince() !== undefined)] as const;
      }),
  },
  {
    kind: 'gauge',
    name: 'portal_alerts',
    help: 'Alerts that stand, by severity',
    labels: ['severity'],
    read: ({ monitor }) => {
      const standing = monitor.alerts();
      return SEVERITIES.map((severity) => {
        const alerts = standing.filter((alert) => alert.severity === severity);
        return [{ severity }, alerts.length] as const;
      });
    },
  },
];

const HISTOGRAMS: readonly HistogramOf[] = [
  {
    name: 'portal_call_duration_seconds',
    help: 'How long calls took for which something was sent, all attempts together',
    read: (from) => calls(from, ({ durations }, labels) => [[labels, durations.read()] as const]),
  },
  {
    name: 'portal_request_duration_seconds',
    help: 'How long it took until an answer was ready',
    read: ({ tally }) =>
      [...tally.routes].map(([route, { durations }]) => [{ route }, durations.read()] as const),
  },
];

const BREAKER_STATES = ['closed', 'open', 'half-open'] as const;
const SEVERITIES = ['low', 'medium', 'high'] as const;
