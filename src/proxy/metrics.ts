import { Counter, Gauge, Registry, type Metric } from 'prom-client';
import type { Meters } from './meters.ts';
import type { Proxy } from './proxy.ts';
import { ONE_IN } from './timing.ts';
import type { Traffic } from './traffic.ts';
import { upstreamText } from './toxiproxy/address.ts';

/** The numbers of a proxy, as Prometheus reads them. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/** They are read off the proxy's own counts when they are asked for: nobody pays for them before. */
export function createMetrics(proxy: Proxy): Metrics {
  const registry = new Registry();
  const registers = [registry];
  for (const { kind, name, help, labels, read } of NUMBERS) {
    const Kind = kind === 'gauge' ? Gauge : Counter;
    const metric = new Kind({
      name,
      help,
      labelNames: [...labels],
      registers,
      collect() {
        metric.reset();
        for (const [values, value] of read(proxy)) metric.inc(values, value);
      },
    });
  }
  registry.registerMetric(evaluationOf(proxy.meters));
  return { contentType: registry.contentType, text: () => registry.metrics() };
}

type Read = (proxy: Proxy) => readonly (readonly [Readonly<Record<string, string>>, number])[];

interface NumberOf {
  readonly kind: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: Read;
}

const NUMBERS: readonly NumberOf[] = [
  {
    kind: 'counter',
    name: 'brownout_exchanges_total',
    help: 'Exchanges that are over, and connections that a fault hit before one; call is empty where it is none that is known',
    labels: ['upstream', 'call', 'end'],
    read: ({ meters }) => meters.tally.exchanges().map(({ count, ...labels }) => [labels, count]),
  },
  {
    kind: 'counter',
    name: 'brownout_faults_fired_total',
    help: 'Faults that have begun to act',
    labels: ['fault', 'upstream'],
    read: ({ meters }) => meters.tally.faults().map(({ count, ...labels }) => [labels, count]),
  },
  {
    kind: 'counter',
    name: 'brownout_received_bytes_total',
    help: 'Bytes that came: up from clients, down from the upstream',
    labels: ['upstream', 'direction'],
    read: byUpstream(({ received, returned }) => ({ up: received, down: returned })),
  },
  {
    kind: 'counter',
    name: 'brownout_sent_bytes_total',
    help: 'Bytes that went: up to the upstream, down to clients',
    labels: ['upstream', 'direction'],
    read: byUpstream(({ forwarded, sent }) => ({ up: forwarded, down: sent })),
  },
  {
    kind: 'gauge',
    name: 'brownout_links',
    help: 'Connections of clients that are open',
    labels: ['upstream'],
    read: ({ meters }) =>
      [...meters.traffic()].map(([upstream, { links }]) => [{ upstream }, links]),
  },
  {
    kind: 'gauge',
    name: 'brownout_rules',
    help: 'Rules that stand, those that are armed included',
    labels: [],
    read: ({ meters }) => [[{}, meters.rules()]],
  },
  {
    kind: 'counter',
    name: 'toxiproxy_proxy_received_bytes_total',
    help: 'Bytes that came, as Toxiproxy counts them: upstream from clients, downstream from the upstream',
    labels: ['direction', 'listener', 'proxy', 'upstream'],
    read: byProxy(({ received, returned }) => ({ upstream: received, downstream: returned })),
  },
  {
    kind: 'counter',
    name: 'toxiproxy_proxy_sent_bytes_total',
    help: 'Bytes that went, as Toxiproxy counts them: upstream to the upstream, downstream to clients',
    labels: ['direction', 'listener', 'proxy', 'upstream'],
    read: byProxy(({ forwarded, sent }) => ({ upstream: forwarded, downstream: sent })),
  },
];

type Directions = (traffic: Traffic) => Readonly<Record<string, number>>;

function byUpstream(directions: Directions): Read {
  return ({ meters }) =>
    [...meters.traffic()].flatMap(([upstream, traffic]) =>
      Object.entries(directions(traffic)).map(
        ([direction, bytes]) => [{ upstream, direction }, bytes] as const,
      ),
    );
}

/** Those that Toxiproxy would have: open, and of no run. */
function byProxy(directions: Directions): Read {
  return ({ upstreams }) =>
    upstreams
      .filter(({ run }) => run === undefined)
      .flatMap(({ name, address, made, traffic }) => {
        const labels = { listener: address, proxy: name, upstream: upstreamText(made.target) };
        return Object.entries(directions(traffic())).map(
          ([direction, bytes]) => [{ direction, ...labels }, bytes] as const,
        );
      });
}

/** Not a Histogram of prom-client: that one is told of each time, and keeps the counts itself. */
function evaluationOf({ evaluation }: Meters): Metric {
  const name = 'brownout_rule_evaluation_seconds';
  const metric = {
    name,
    async get() {
      const { buckets, seconds, count } = evaluation.counted();
      return {
        name,
        help: `How long it takes to decide which rules act on a request, by its head; one in ${ONE_IN} is timed`,
        type: 'histogram',
        values: [
          ...buckets.map(({ atMost, count: value }) => ({
            metricName: `${name}_bucket`,
            labels: { le: atMost === Infinity ? '+Inf' : atMost },
            value,
          })),
          { metricName: `${name}_sum`, labels: {}, value: seconds },
          { metricName: `${name}_count`, labels: {}, value: count },
        ],
      };
    },
  };
  return metric as unknown as Metric;
}
