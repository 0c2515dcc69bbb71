import { createServer } from 'node:net';
import { ready, upstream } from './contenders/ready.js';

const { startProxy } = await import('../../dist/src/index.js');
const { startControl } = await import('../../dist/src/proxy/control/start-control.js');

const target = `http://127.0.0.1:${upstream}`;
const calls = { leaderboard: 'GET /leaderboards/top_ten/:product' };
/** What gives back what it gets: something to poison that the load has nothing to do with. */
const echo = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.pipe(socket);
});
await new Promise((resolve) => echo.listen(0, '127.0.0.1', resolve));

const proxy = await startProxy([
  { name: 'stats', target, calls },
  { name: 'other', target: `tcp://127.0.0.1:${echo.address().port}`, protocol: 'tcp' },
]);
await proxy.control.add(unmatched(20));
const control = await startControl({ proxy, port: 0 });
const [stats, other] = proxy.upstreams.map(({ address }) => Number(address.split(':')[1]));
ready(stats, { where: async () => ({ url: control.url, stats, other }) });

/** Rules that look at what every request has, and hold for none that the bench sends. */
function unmatched(count) {
  return Array.from({ length: count }, (_, i) => {
    const match = [
      `GET /leaderboards/:product/of-${i}`,
      `POST /leaderboards/top_ten/:product`,
      { method: 'GET', path: '/leaderboards/*rest', headers: { 'x-user': `user-${i}` } },
      { path: '/leaderboards/top_ten/:product', query: { page: String(i) } },
    ][i % 4];
    return { on: 'stats', match, inject: { status: 503 } };
  });
}
