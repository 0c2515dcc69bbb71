import { pathToFileURL } from 'node:url';
import { ready, upstream, variant } from './ready.js';

/** This build, or another one to compare it with. */
const dist = process.argv[4]
  ? pathToFileURL(`${process.argv[4]}/`)
  : new URL('../../../dist/', import.meta.url);
const { startProxy } = await import(new URL('src/index.js', dist));

const protocol = variant === 'tcp' ? 'tcp' : 'http';
const runs = variant === 'runs-500' ? 500 : variant === 'runs-1' ? 1 : 0;
const target = `http://127.0.0.1:${upstream}`;
const calls = { leaderboard: 'GET /leaderboards/top_ten/:product' };
/** As cells have it: each run has a listener of its own. */
const upstreams = Array.from({ length: runs }, (_, i) => ({
  name: 'stats',
  target,
  calls,
  run: `run-${i}`,
}));
const proxy = await startProxy(
  runs > 0
    ? upstreams
    : [{ name: 'stats', target, protocol, ...(protocol === 'http' ? { calls } : {}) }],
);
const { control } = proxy;

/** Rules that look at what every request has, and hold for none that the bench sends. */
const unmatched = (count) =>
  Array.from({ length: count }, (_, i) => {
    const match = [
      `GET /leaderboards/:product/of-${i}`,
      `POST /leaderboards/top_ten/:product`,
      { method: 'GET', path: '/leaderboards/*rest', headers: { 'x-user': `user-${i}` } },
      { path: '/leaderboards/top_ten/:product', query: { page: String(i) } },
    ][i % 4];
    return { on: 'stats', match, inject: { status: 503 } };
  });

const setUp = {
  tcp: () => {},
  http: () => {},
  'rules-20': () => control.add(unmatched(20)),
  status: () => control.add([{ on: 'stats', inject: { status: 503, body: '[]' } }]),
  'runs-1': () => control.add(unmatched(10), 'run-0'),
  async 'runs-500'() {
    for (let i = 0; i < 500; i++) await control.add(unmatched(20), `run-${i}`);
  },
};
await setUp[variant]?.();

/** Those whose fault acts and that still wait. */
const waiting = async () => {
  const { entries } = await control.journal();
  return entries.filter(({ injected, end }) => injected.length > 0 && end === 'pending').length;
};

ready(Number(new URL(proxy.upstreams.at(-1).url).port), {
  add: (rules) => control.add(rules),
  clear: () => control.clear(),
  waiting,
});
