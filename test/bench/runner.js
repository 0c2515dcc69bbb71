import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { startChild } from './child.js';
import { fixed, machine, median } from './report.js';
import { matrix, pageAt, portal, single } from './runner-files.js';

/** How soon `brownout` starts, and how many cells it runs, beside what a bare program needs for the same requests. */

const HELP = `npm run bench:runner -- [options]

  --rounds 5         rounds of what takes long; what is short is measured three times as often
  --only a;b         some parts: start, files, executions, cells
  --profile          writes results/profiles/runner/*.cpuprofile
`;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    profile: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (flags.help) {
  console.log(HELP);
  process.exit();
}
const rounds = Number(flags.rounds);
const only = flags.only?.split(';').map((name) => name.trim());

const run = promisify(execFile);
/** What takes longer than this hangs. */
const LIMIT_MS = 120_000;
const BAR = {
  help: 2.5,
  files: 6,
  executions: { instance: 5, baggage: 3 },
  cells: { instance: 80, baggage: 150 },
};
const WAITING = 16;
const BROWNOUT = here('../../bin/brownout.js');

const facts = machine();
const results = { machine: facts, rounds, bars: [], parts: {} };
console.log(`${facts.cpu}, ${facts.cores} cores, Node ${facts.node}, medians of ${rounds} rounds`);
console.log(`load before: ${facts.load[0]}; on a machine that does other work too, trust ratios\n`);

const folders = [];
const children = [];
const written = (folder) => {
  folders.push(folder);
  return folder;
};
try {
  const upstream = await child('responder', 0, JSON.stringify('[{"user":"ada","score":3}]'));
  const target = `http://127.0.0.1:${upstream.port}`;
  const bare = `http://127.0.0.1:${(await child('page', 0, target)).port}`;
  const listen = await freePort();
  const service = await child('page', 0, `http://127.0.0.1:${listen}`);
  const page = pageAt(`http://127.0.0.1:${service.port}`, listen, target);
  const parts = { start, files, executions, cells };
  for (const [name, part] of Object.entries(parts)) {
    if (!only || only.includes(name)) await part({ page, bare });
  }
} finally {
  for (const one of children.reverse()) await one.stop();
  for (const folder of folders) rmSync(folder, { recursive: true });
}
mkdirSync(here('results'), { recursive: true });
writeFileSync(here('results/runner.json'), `${JSON.stringify(results, null, 2)}\n`);
console.log('\nin full: test/bench/results/runner.json');

/** What there is before anything was judged: Node, the help, a single cell. */
async function start({ page }) {
  const one = written(matrix(portal, 1));
  const first = written(single(page, 1));
  const took = await interleaved(3 * rounds, {
    node: () => timed(['-e', '0']),
    help: () => timed([BROWNOUT, '--help']),
    service: () => timed([BROWNOUT, 'run', first]),
    portal: () => timed([BROWNOUT, 'run', one]),
  });
  results.parts.start = took;
  console.log(`bare Node                       ${fixed(median(took.node), 0)} ms`);
  tell(
    'brownout --help',
    ratio(took.help, took.node),
    'x bare Node',
    { most: BAR.help },
    took.help,
  );
  tell('a cell, service runs already', ratio(took.service, took.node), 'x', {}, took.service);
  tell('a cell of the portal', ratio(took.portal, took.node), 'x', {}, took.portal);
}

/** A hundred files, cold, in one process. */
async function files({ page, bare }) {
  const folder = written(single(page, 100));
  const took = await interleaved(2 * rounds, {
    bare: () => timed([here('runner-bare.js'), `${bare}/page`, '100']),
    files: () => timed([BROWNOUT, 'run', folder]),
  });
  results.parts.files = took;
  console.log(`\n100 bare requests               ${fixed(median(took.bare), 0)} ms`);
  const times = ratio(took.files, took.bare);
  tell('100 files of one request', times, 'x bare', { most: BAR.files }, took.files);
}

/** 226 cells of which sixteen wait for a deadline of 250 ms. */
async function executions({ page }) {
  const of = {
    instance: written(matrix(portal, 226, WAITING)),
    baggage: written(matrix(page, 226, WAITING)),
  };
  const ran = await interleaved(rounds, {
    'instance, at once': () => inner('executions-instance', of.instance),
    'instance, serial': () => inner('executions-instance-serial', of.instance, '1'),
    'baggage, at once': () => inner('executions-baggage', of.baggage),
    'baggage, serial': () => inner('executions-baggage-serial', of.baggage, '1'),
  });
  results.parts.executions = ran;
  console.log('\n226 executions, 16 of them wait 250 ms');
  for (const [name, told] of Object.entries(ran)) {
    const [isolation, how] = name.split(', ');
    const seconds = median(told.map(({ loadedMs, runMs }) => loadedMs + runMs)) / 1000;
    tell(name, seconds, 's', how === 'serial' ? {} : { most: BAR.executions[isolation] });
  }
}

/** 1,000 cells that wait for nothing, beside pages that are only asked for. */
async function cells({ page }) {
  const of = { instance: written(matrix(portal, 1000)), baggage: written(matrix(page, 1000)) };
  const ran = await interleaved(Math.min(rounds, 3), {
    pages: async () => JSON.parse((await node([here('runner-pages.js')])).stdout),
    instance: () => inner('cells-instance', of.instance),
    baggage: () => inner('cells-baggage', of.baggage),
  });
  results.parts.cells = ran;
  const pages = ran.pages.map(({ perSecond }) => perSecond);
  console.log(`\n1,000 cells; bare pages of the portal: ${fixed(median(pages), 0)} a second`);
  const busy = (name) => ran[name].map(({ busyMs }) => busyMs);
  for (const isolation of ['instance', 'baggage']) {
    const perSecond = ran[isolation].map(
      ({ cells, loadedMs, runMs }) => (1000 * cells) / (loadedMs + runMs),
    );
    tell(isolation, median(perSecond), 'cells a second', { least: BAR.cells[isolation] });
    const heap = (key) => fixed(median(ran[isolation].map((one) => one[key])), 1);
    console.log(
      `       a cell takes as long as ${fixed(ratio(pages, perSecond), 1)} bare pages ` +
        `(by processor time ${fixed(ratio(busy(isolation), busy('pages')), 1)}); ` +
        `heap after gc: ${heap('suiteMb')} MB of files, ${heap('resultMb')} MB of results`,
    );
  }
}

/** Everything once in each round, beginning with another one, so that whatever else the machine does falls on all. */
async function interleaved(count, contenders) {
  const names = Object.keys(contenders);
  const told = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < count; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(round + i) % names.length];
      told[name].push(await contenders[name]());
    }
  }
  return told;
}

/** The median of the ratios within a round. */
function ratio(ones, others) {
  return median(ones.map((one, i) => one / others[i]));
}

function tell(name, value, unit, { most, least }, took) {
  const bar = most ?? least;
  const met = bar === undefined ? undefined : most === undefined ? value >= least : value <= most;
  results.bars.push({ name, value, unit, most, least, met });
  const label = met === undefined ? '      ' : met ? 'met   ' : 'MISSED';
  const wanted = bar === undefined ? '' : ` (bar ${bar})`;
  const ms = took ? `, ${fixed(median(took), 0)} ms` : '';
  console.log(`${label} ${name.padEnd(30)} ${fixed(value, 2)} ${unit}${wanted}${ms}`);
}

async function timed(args) {
  const begun = performance.now();
  await node(args);
  return performance.now() - begun;
}

async function inner(name, folder, atOnce = '') {
  const profile = ['--cpu-prof', `--cpu-prof-dir=${here(`results/profiles/runner/${name}`)}`];
  const child = [...(flags.profile ? profile : []), '--expose-gc', here('runner-child.js')];
  const told = JSON.parse((await node([...child, folder, atOnce])).stdout);
  // A number of what was not meant to be measured would be worse than none.
  if (told.isolations !== name.split('-')[1]) throw new Error(`${name}: ran by ${told.isolations}`);
  // On a machine that does much else, a portal's own deadline may pass; what is too much of that proves nothing.
  if (told.wrong.length > told.cells / 50) throw new Error(`${name}: ${told.wrong.join('\n')}`);
  if (told.wrong.length > 0) console.log(`       ${name}: not passed: ${told.wrong.join('; ')}`);
  return told;
}

function node(args) {
  return run(process.execPath, args, { timeout: LIMIT_MS, maxBuffer: 64 * 1024 ** 2 });
}

async function child(script, upstream, variant) {
  const started = await startChild(script, [upstream, variant]);
  children.push(started);
  return started;
}

/** Below those that the system gives to connections: nobody else takes it meanwhile. */
async function freePort() {
  const probe = createServer();
  const port = 10_000 + Math.floor(Math.random() * 20_000);
  const free = await new Promise((resolve) => {
    probe.on('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!free) return freePort();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
