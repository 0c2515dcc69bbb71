import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startChild } from './child.js';
import { controlAt, followEvents, startChanges } from './control-changes.js';
import { measureEffects } from './control-effects.js';
import { fixed, machine, median } from './report.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '32' },
    changes: { type: 'string', default: '50' },
    count: { type: 'string', default: '300' },
  },
});
const [rounds, seconds, connections, perSecond, count] = [
  flags.rounds,
  flags.seconds,
  flags.connections,
  flags.changes,
  flags.count,
].map(Number);

const facts = machine();
const results = { machine: facts, rounds, seconds, connections, perSecond, bars: [] };
console.log(`${facts.cpu}, ${facts.cores} cores, Node ${facts.node}; load before ${facts.load[0]}`);
const started = [];
const start = async (...args) => {
  const child = await startChild(...args);
  started.push(child);
  return child;
};
try {
  const upstream = await start('../control-upstream', [0]);
  const child = await start('../control-child', [upstream.port]);
  const where = await child.ask('where');
  const loader = await start('../control-load', [where.stats]);
  const control = controlAt(where.url);
  await measureThroughput(child, loader, control);
  await measureAllEffects(loader, control, where);
  control.end();
} finally {
  for (const child of started.reverse()) await child.stop();
}
results.loadAfter = loadavg();
mkdirSync(here('results'), { recursive: true });
writeFileSync(here('results/control.json'), `${JSON.stringify(results, null, 2)}\n`);
console.log('\nin full: test/bench/results/control.json');

/** The same load with and without something besides, once each in every round. */
async function measureThroughput(child, loader, control) {
  const load = (how) => loader.ask('load', { connections, seconds: how ?? seconds });
  const none = { stop: () => undefined };
  const besides = {
    quiet: () => none,
    changes: () => startChanges(control, perSecond),
    events: () => followEvents(control),
    'events and changes': async () => {
      const all = [await followEvents(control), startChanges(control, perSecond)];
      return { stop: async () => ({ bytes: all[0].stop(), ...(await all[1].stop()) }) };
    },
    // What the same differs by from itself: less than that says nothing.
    'quiet again': () => none,
  };
  const names = Object.keys(besides);
  await load(1);
  const all = [];
  for (let round = 0; round < rounds; round++) {
    const turn = round % names.length;
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const beside = await besides[name]();
      const before = child.busy();
      const told = await load();
      const busyUs = (child.busy() - before) / told.requests;
      all.push({
        name,
        round,
        ...told,
        busyUs,
        memoryMb: child.memory(),
        beside: await beside.stop(),
      });
    }
  }
  results.throughput = all;
  console.log(
    `\n${connections} connections, 20 rules, journal: medians of ${rounds} rounds of ${seconds} s`,
  );
  console.log(row('', ['req/s', 'p50 ms', 'p99 ms', 'us', 'MB', '/quiet', 'lost', 'garbled']));
  for (const name of names) tellThroughput(name, all);
  const changed = all.flatMap(({ beside }) => (beside?.made ? [beside] : []));
  const failed = changed.flatMap((one) => one.failed);
  results.changes = { failed, slowestMs: Math.max(...changed.map((one) => one.slowestMs)) };
  const rate = median(changed.map((one) => one.perSecond));
  console.log(
    `\n${fixed(rate, 1)} changes a second were made, the slowest in ${fixed(results.changes.slowestMs, 1)} ms`,
  );
  bar('changes that failed', failed.length, failed.length === 0, 'bar 0');
  for (const text of new Set(failed)) console.log(`       ${text}`);
}

function tellThroughput(name, all) {
  const own = all.filter((one) => one.name === name);
  const quiet = all.filter((one) => one.name === 'quiet');
  const of = (key) => median(own.map((one) => one[key]));
  const sum = (key) => own.reduce((total, one) => total + one[key], 0);
  const quietIn = (round) => quiet.find((one) => one.round === round);
  const ratio = median(own.map((one) => one.perSecond / quietIn(one.round).perSecond));
  const work = median(own.map((one) => quietIn(one.round).busyUs / one.busyUs));
  const wrong = sum('lost') + sum('garbled');
  console.log(
    row(name, [
      Math.round(of('perSecond')).toLocaleString('en-US'),
      ...['p50', 'p99'].map((key) => fixed(of(key))),
      fixed(of('busyUs'), 0),
      fixed(of('memoryMb'), 0),
      fixed(ratio),
      String(sum('lost')),
      String(sum('garbled')),
    ]),
  );
  results.bars.push({ name, ratio, work, wrong });
  if (wrong > 0) bar(`${name}: lost or garbled`, wrong, false, 'bar 0');
  if (name !== 'changes') return;
  bar(name, `${fixed(ratio)} x quiet`, ratio >= 0.8, `bar 0.8; by processor time ${fixed(work)}`);
}

async function measureAllEffects(loader, control, where) {
  const idle = await measureEffects(control, where, count);
  tellEffects('nothing else going on', idle, true);
  let busy = true;
  const load = (async () => {
    while (busy) await loader.ask('load', { connections, seconds: 1 });
  })();
  const loaded = await measureEffects(control, where, Math.ceil(count / 3));
  busy = false;
  await load;
  tellEffects(`${connections} busy connections beside it`, loaded, false);
  results.effects = { idle, loaded };
}

function tellEffects(title, effects, judged) {
  console.log(`\nfrom a change to its effect, in ms: ${title}`);
  console.log(row('', ['count', 'answer', 'effect', 'p99', 'most', 'missed']));
  for (const one of effects) {
    const { name, missed, answered, effect, p99, most } = one;
    console.log(
      row(name, [
        String(one.count),
        ...[answered, effect, p99, most].map((ms) => fixed(ms)),
        String(missed),
      ]),
    );
    if (missed > 0) bar(`${name}: not shown by the next exchange`, missed, false, 'bar 0');
  }
  for (const { name, effect } of judged ? effects : [])
    bar(name, `${fixed(effect)} ms`, effect <= 5, 'bar 5');
}

function bar(name, value, met, detail) {
  results.bars.push({ name, value, met });
  console.log(`${met ? 'met   ' : 'MISSED'} ${name.padEnd(22)} ${value} (${detail})`);
}

function row(name, cells) {
  return name.padEnd(22) + cells.map((cell) => cell.padStart(10)).join('');
}
