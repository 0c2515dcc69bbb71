import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startChild } from './child.js';
import { BARS, CONTENDERS, otherBars, othersOf } from './contenders.js';
import { installPeers } from './install-peers.js';
import { loadTool } from './load.js';
import {
  describeLateness,
  fixed,
  judge,
  machine,
  median,
  summarize,
  table,
  verdict,
} from './report.js';
import { PATH, startUpstream } from './upstream.js';
import { measureLateness, measureLift } from './waits.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '1' },
    connections: { type: 'string', default: '1,32' },
    only: { type: 'string' },
    against: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});
const rounds = Number(flags.rounds);
const seconds = Number(flags.seconds);
const only = flags.only?.split(';').map((name) => name.trim());
const everyone = [...CONTENDERS, ...(flags.against ? othersOf(resolve(flags.against)) : [])];
const bars = [...BARS, ...(flags.against ? otherBars() : [])];
const wanted = ({ name }) => !only || only.includes(name);

installPeers();
const facts = machine();
const tool = loadTool();
const results = { machine: facts, rounds, seconds, load: tool.name, throughput: {}, bars: [] };
const upstream = await startUpstream();
results.upstream = upstream.name;
console.log(
  `${facts.cpu}, ${facts.cores} cores, Node ${facts.node}, ${results.upstream}, ${tool.name}`,
);
console.log(`medians of ${rounds} rounds of ${seconds} s; load before ${facts.load[0]}`);
if (facts.load[0] > facts.cores / 4)
  console.log('the machine does other work too: trust the ratios only');
console.log();

try {
  await measureThroughput();
  if (wanted({ name: 'waits' })) await measureWaits();
} finally {
  await upstream.stop();
}
results.loadAfter = loadavg();
mkdirSync(here('results'), { recursive: true });
writeFileSync(here('results/proxy.json'), `${JSON.stringify(results, null, 2)}\n`);
console.log('\nin full: test/bench/results/proxy.json');

/** Every contender once in each round, so that whatever else the machine does falls on all of them. */
async function measureThroughput() {
  const contenders = await startAll(everyone.filter(wanted));
  if (contenders.length === 0) return;
  try {
    for (const one of contenders) await measure(one, 32);
    for (const connections of flags.connections.split(',').map(Number)) {
      const all = [];
      for (let round = 0; round < rounds; round++) {
        for (const one of rotated(contenders, round)) {
          all.push({ name: one.name, round, ...(await measure(one, connections)) });
        }
      }
      const order = contenders.map(({ name }) => name);
      const summaries = summarize(all, bars).sort(
        (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
      );
      const judged = judge(connections, summaries, bars);
      results.throughput[connections] = { summaries, rounds: all };
      results.bars.push(...judged);
      console.log(`${table(connections, summaries)}\n`);
      for (const bar of judged) console.log(verdict(bar));
      console.log();
    }
  } finally {
    await Promise.all(contenders.map(({ child }) => child?.stop()));
  }
}

async function measure({ name, refuses, child }, connections) {
  const url = `http://127.0.0.1:${child?.port ?? upstream.port}${PATH}`;
  const before = child?.busy() ?? 0;
  const told = await tool.load(url, { connections, seconds });
  const wrong = told.failed + (refuses ? told.requests - told.refused : told.refused);
  // What answers wrongly is not compared with what answers; of peers a few lost requests are told, and borne with.
  const borne = name.startsWith('ours') ? 0 : told.requests / 100;
  if (wrong > borne) throw new Error(`${name}: ${JSON.stringify(told)}`);
  if (wrong > 0) console.log(`${name}: ${wrong} of ${told.requests} requests went wrong`);
  const busyUs = child && (child.busy() - before) / told.requests;
  return { ...told, memoryMb: child?.memory(), busyUs };
}

async function measureWaits() {
  const child = await startChild('brownout', [upstream.port, 'http']);
  try {
    results.lateness = await measureLateness(child, { count: 1000, delayMs: 1000 });
    console.log(describeLateness(results.lateness));
    results.lift = {};
    for (const [name, inject] of Object.entries({ latency: { latency: '10m' }, hang: 'hang' })) {
      const lifts = [];
      for (let i = 0; i < 5; i++) lifts.push(await measureLift(child, { count: 1000, inject }));
      results.lift[name] = lifts;
      const last = fixed(median(lifts.map(({ lastMs }) => lastMs)), 1);
      console.log(`lifting ${name} with 1,000 in flight: the last was answered after ${last} ms`);
    }
  } finally {
    await child.stop();
  }
}

async function startAll(wanted) {
  const profile = ['--cpu-prof', `--cpu-prof-dir=${here('results/profiles')}`];
  const started = [];
  for (const one of wanted) {
    const execArgv = flags.profile && one.script === 'brownout' ? profile : [];
    const args = [upstream.port, one.variant ?? '', one.dist ?? ''];
    started.push({ ...one, child: one.script && (await startChild(one.script, args, execArgv)) });
  }
  return started;
}

function rotated(all, by) {
  const start = by % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
}
