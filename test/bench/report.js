import { cpus, loadavg, release, totalmem } from 'node:os';

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What several rounds say of a contender, and how many times as fast it was as each other in the same round. */
export function summarize(rounds, bars) {
  const byName = new Map();
  for (const round of rounds) byName.set(round.name, [...(byName.get(round.name) ?? []), round]);
  return [...byName].map(([name, own]) => {
    const of = (key) => median(own.map((round) => round[key]));
    const ratioTo = (other, speedOf = ({ perSecond }) => perSecond) => {
      const theirs = byName.get(other);
      if (!theirs) return undefined;
      return median(own.map((round, i) => speedOf(round) / speedOf(theirs[i])));
    };
    const compared = new Set([
      'net pipe',
      'http-proxy',
      'mountebank',
      ...bars.map((bar) => bar.of),
    ]);
    const ratios = Object.fromEntries([...compared].map((other) => [other, ratioTo(other)]));
    // Of a machine that does other work too this says more than requests per second.
    const work = Object.fromEntries(
      [...compared].map((other) => [other, ratioTo(other, (r) => 1 / r.busyUs)]),
    );
    const keys = ['perSecond', 'p50', 'p99', 'memoryMb', 'busyUs'];
    return { name, ...Object.fromEntries(keys.map((key) => [key, of(key)])), ratios, work };
  });
}

export function table(connections, summaries) {
  const lines = summaries.map(({ name, ratios, ...one }) =>
    row(name, [
      count(one.perSecond),
      fixed(one.p50),
      fixed(one.p99),
      fixed(one.memoryMb, 0),
      fixed(one.busyUs, 0),
      fixed(ratios['net pipe']),
      fixed(ratios['http-proxy'], 1),
      fixed(ratios['mountebank'], 1),
    ]),
  );
  const head = ['req/s', 'p50 ms', 'p99 ms', 'MB', 'us', '/pipe', '/h-p', '/mb'];
  const title = connections === 1 ? '1 connection' : `${connections} connections`;
  return [row(title, head), ...lines].join('\n');
}

/** Each bar of these summaries, met or missed. */
export function judge(connections, summaries, bars) {
  return bars.flatMap(({ name, of, least }) => {
    const one = summaries.find((summary) => summary.name === name);
    const ratio = one?.ratios[of];
    if (ratio === undefined) return [];
    return [{ connections, name, of, least, ratio, work: one.work[of], met: ratio >= least }];
  });
}

export function verdict({ name, of, least, ratio, work, met }) {
  const bar = `${fixed(ratio)} x ${of} (bar ${least}; by processor time ${fixed(work)})`;
  return `${met ? 'met   ' : 'MISSED'} ${name.padEnd(14)} ${bar}`;
}

export function describeLateness({ early, requests, median, p99, most }) {
  return [
    `latency of 1 s, 1,000 in flight: ${early} of ${requests} early; late by`,
    `  ${fixed(median)} ms (median), ${fixed(p99)} ms (p99), ${fixed(most)} ms (most)`,
  ].join('\n');
}

export function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.version,
    load: loadavg().map((n) => Number(n.toFixed(2))),
    at: new Date().toISOString(),
  };
}

function row(name, cells) {
  return name.padEnd(24) + cells.map((cell, i) => cell.padStart(WIDTHS[i])).join('');
}

export function fixed(number, digits = 2) {
  return number === undefined || Number.isNaN(number) ? '-' : number.toFixed(digits);
}

function count(number) {
  return Math.round(number).toLocaleString('en-US');
}

const WIDTHS = [8, 8, 8, 6, 6, 7, 7, 6];
