import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startChild } from './child.js';
import { installPeers } from './install-peers.js';
import { loadTool } from './load.js';
import { fixed, judge, machine, summarize, verdict } from './report.js';

/** How many game pages a second the portal and its unprotected twin serve, by the state of the stats service. */

const HELP = `npm run bench:portal -- [options]

  --rounds 5         rounds; each measures every contender once
  --seconds 2        how long each measurement is
  --connections 32   requests under way at once
  --only a;b         some contenders: portal healthy, portal refused, portal hanging, portal 503, portal slow, twin ...
  --anonymous        without a token, so that only the board is asked for
  --profile          writes results/profiles/*.cpuprofile of the portals
`;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '32' },
    only: { type: 'string' },
    anonymous: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  console.log(HELP);
  process.exit();
}
const [rounds, seconds, connections] = [flags.rounds, flags.seconds, flags.connections].map(Number);
const only = flags.only?.split(';').map((name) => name.trim());
const wanted = ({ name }) => !only || only.includes(name);

const PAGE = '/games/v2/games/exrps';
/** What the page may take at most, as the portal is configured unless told otherwise. */
const DEADLINE_MS = 1000;
const SPARE_MS = 50;
const STATES = ['healthy', 'refused', 'hanging', '503', 'slow'];
const DEGRADED = new Set(['refused', 'hanging', '503']);
const CONTENDERS = ['portal', 'twin']
  .flatMap(
    (who) => STATES.map((state) => ({ name: `${who} ${state}`, who, state })),
    // The twin waits for ever there: it is looked at by itself, at the end.
  )
  .filter(({ name }) => name !== 'twin hanging');
const BARS = [
  { name: 'portal healthy', of: 'twin healthy', least: 0.85 },
  { name: 'portal refused', of: 'portal healthy', least: 1 },
  { name: 'portal hanging', of: 'portal healthy', least: 1 },
];
/** What each line of the table is compared with besides. */
const COMPARED = CONTENDERS.flatMap(({ name, state }) => [
  { name, of: `twin ${state}` },
  { name, of: 'portal healthy' },
]);
const BUSY = ': the machine does other work too, trust the ratios only';

const facts = machine();
const tool = loadTool();
if (tool.name === 'autocannon') installPeers();
const results = { machine: facts, rounds, seconds, connections, load: tool.name, bars: [] };
console.log(`${facts.cpu}, ${facts.cores} cores, Node ${facts.node}, ${tool.name}`);
console.log(`${connections} connections, medians of ${rounds} rounds of ${seconds} s`);
console.log(`load before ${facts.load[0]}${facts.load[0] > facts.cores / 4 ? BUSY : ''}\n`);

const started = [];
try {
  const stats = await start('../portal-stats', [0]);
  const ports = await stats.ask('ports');
  await measureRounds(ports);
  await measureOnset(ports);
  await measureTwinHanging(ports);
} finally {
  for (const child of started.reverse()) await child.stop();
}
results.loadAfter = loadavg();
mkdirSync(here('results'), { recursive: true });
writeFileSync(here('results/portal.json'), `${JSON.stringify(results, null, 2)}\n`);
console.log('\nin full: test/bench/results/portal.json');

/** Every contender once in each round, so that whatever else the machine does falls on all of them. */
async function measureRounds(ports) {
  const all = [];
  const contenders = [];
  for (const one of CONTENDERS.filter(wanted)) {
    contenders.push({ ...one, ...(await startPortal(one, ports)) });
  }
  // Breakers open here, and what is run often is compiled.
  for (const one of contenders) await measure(one, Math.max(2, seconds));
  for (let round = 0; round < rounds; round++) {
    const turn = round % Math.max(1, contenders.length);
    for (const one of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
      all.push({ name: one.name, round, ...(await measure(one, seconds)) });
      await check(one);
    }
  }
  const order = CONTENDERS.map(({ name }) => name);
  const summaries = summarize(all, COMPARED).sort(
    (a, b) => order.indexOf(a.name) - order.indexOf(b.name),
  );
  results.rounds = all;
  results.summaries = summaries;
  console.log(table(summaries));
  console.log();
  for (const bar of judge(connections, summaries, BARS)) {
    results.bars.push(bar);
    console.log(verdict(bar));
  }
  const portals = all.filter(({ name }) => name.startsWith('portal'));
  tell('p99 of the page', Math.max(...portals.map(({ p99 }) => p99)), 'ms', DEADLINE_MS + SPARE_MS);
  tell(
    'pages with 5xx',
    portals.reduce((sum, { refused }) => sum + refused, 0),
    'in all',
    0,
  );
}

/** The first seconds of an outage: a portal that has seen nothing else, its breakers closed. */
async function measureOnset(ports) {
  for (const state of DEGRADED) {
    const one = { name: `portal ${state}`, who: 'portal', state };
    if (!wanted(one)) continue;
    const portal = { ...one, ...(await startPortal(one, ports)) };
    const told = await measure(portal, 2);
    results.bars.push({ name: `onset of ${state}`, ...told });
    tell(`slowest at the onset of ${state}`, told.most, 'ms', DEADLINE_MS + SPARE_MS);
  }
}

/** How many of its requests the twin answers within two seconds, when the stats service never does. */
async function measureTwinHanging(ports) {
  const one = { name: 'twin hanging', who: 'twin', state: 'hanging' };
  if (!wanted(one)) return;
  const twin = { ...one, ...(await startPortal(one, ports)) };
  const told = await tool.load(twin.url, { connections, seconds: 2, headers: twin.headers });
  results.twinHanging = told;
  console.log(
    `       twin hanging: ${told.requests} requests answered, all the others wait for ever`,
  );
}

async function measure({ name, child, url, headers }, seconds) {
  const before = child.busy();
  const told = await tool.load(url, { connections, seconds, headers });
  if (told.failed > 0) throw new Error(`${name}: ${JSON.stringify(told)}`);
  return { ...told, busyUs: (child.busy() - before) / told.requests, memoryMb: child.memory() };
}

/** That what was measured is what was meant: the page is there, and its flags are those of the state. */
async function check({ name, who, state, url, headers }) {
  const response = await fetch(url, { headers });
  const body = await response.json();
  const fits =
    who === 'twin'
      ? response.ok === !DEGRADED.has(state)
      : response.ok && body.degraded === DEGRADED.has(state);
  if (!fits) throw new Error(`${name}: ${response.status} ${JSON.stringify(body)}`);
}

async function startPortal({ who, state }, ports) {
  const profile = ['--cpu-prof', `--cpu-prof-dir=${here(`results/profiles/${who}-${state}`)}`];
  const args = [ports[state], who];
  const child = await start('portal', args, flags.profile ? profile : [], true);
  const at = `http://127.0.0.1:${child.port}`;
  return { child, url: at + PAGE, headers: flags.anonymous ? {} : await tokenOf(at) };
}

async function tokenOf(at) {
  const response = await fetch(`${at}/token/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.test', password: 'ada-plays-fair' }),
  });
  return { authorization: `Bearer ${(await response.json()).access}` };
}

async function start(...args) {
  const child = await startChild(...args);
  started.push(child);
  return child;
}

function table(summaries) {
  const head = ['req/s', 'p50 ms', 'p99 ms', 'us', 'MB', '/twin', '/healthy'];
  const lines = summaries.map(({ name, ratios, ...one }) => {
    const [who, state] = name.split(' ');
    return row(name, [
      Math.round(one.perSecond).toLocaleString('en-US'),
      fixed(one.p50),
      fixed(one.p99),
      fixed(one.busyUs, 0),
      fixed(one.memoryMb, 0),
      fixed(who === 'portal' ? ratios[`twin ${state}`] : undefined),
      fixed(who === 'portal' ? ratios['portal healthy'] : undefined),
    ]);
  });
  return [row('', head), ...lines].join('\n');
}

function row(name, cells) {
  return name.padEnd(18) + cells.map((cell) => cell.padStart(10)).join('');
}

function tell(name, value, unit, most) {
  const met = value <= most;
  results.bars.push({ name, value, most, met });
  console.log(`${met ? 'met   ' : 'MISSED'} ${name}: ${fixed(value, 0)} ${unit} (bar ${most})`);
}
