/** Runs the scenarios of a folder in a process of its own, and tells how long it took and what it holds. */
const [folder, atOnce] = process.argv.slice(2);
const { loadSuite } = await import('../../dist/src/scenario/load/load.js');
const { runSuite } = await import('../../dist/src/scenario/run/run.js');
const { openSystem } = await import('../../dist/src/system/open.js');

const heapMb = () => {
  gc();
  return process.memoryUsage().heapUsed / 1024 ** 2;
};
const empty = heapMb();
const begun = performance.now();
const suite = loadSuite([folder]);
const loadedMs = performance.now() - begun;
const loaded = heapMb();
const [start, cpu] = [performance.now(), process.cpuUsage()];
const result = await runSuite({
  suite,
  seed: 'bench',
  openSystem: (spec) => openSystem(spec, 'bench'),
  on: () => {},
  signal: new AbortController().signal,
  startedAt: new Date(),
  ...(atOnce ? { atOnce: Number(atOnce) } : {}),
});
const runMs = performance.now() - start;
const used = process.cpuUsage(cpu);
const after = heapMb();
const isolations = [...new Set(result.cells.map(({ isolation }) => isolation))].join(' and ');
const wrong = result.cells.filter(({ verdict }) => verdict !== 'passed');
console.log(
  JSON.stringify({
    cells: result.cells.length,
    isolations,
    wrong: wrong.map(({ id, verdict, reason }) => `${id}: ${verdict}: ${reason}`),
    again: result.cells.filter(({ attempts }) => attempts > 1).length,
    loadedMs,
    runMs,
    busyMs: (used.user + used.system) / 1000 / result.cells.length,
    suiteMb: loaded - empty,
    resultMb: after - loaded,
  }),
);
