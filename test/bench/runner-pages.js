import http from 'node:http';
import { startMockStats } from '../../dist/src/mock-stats/start.js';
import { startPortal } from '../../dist/src/portal/start.js';

/** How many game pages a second one process can send and serve, eight at once: nothing is proxied, broken or judged. */
const COUNT = 2000;
const stats = await startMockStats();
const portal = await startPortal({
  env: { STATS_TRACKER_URL: stats.url },
  logTo: { write: () => {} },
});
const sign = { email: 'ada@example.test', password: 'ada-plays-fair' };
const login = await fetch(`${portal.url}/token/`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(sign),
});
const headers = { authorization: `Bearer ${(await login.json()).access}` };
await pages(300);
const [start, cpu] = [performance.now(), process.cpuUsage()];
await pages(COUNT);
const { user, system } = process.cpuUsage(cpu);
const perSecond = (1000 * COUNT) / (performance.now() - start);
console.log(JSON.stringify({ perSecond, busyMs: (user + system) / 1000 / COUNT }));
http.globalAgent.destroy();
await portal[Symbol.asyncDispose]();
await stats[Symbol.asyncDispose]();

async function pages(count) {
  let left = count;
  const one = async () => {
    while (left-- > 0) {
      const status = await page();
      if (status !== 200) throw new Error(`a page: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
}

function page() {
  return new Promise((resolve, reject) => {
    http
      .get(`${portal.url}/games/v2/games/exrps`, { headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      })
      .on('error', reject);
  });
}
