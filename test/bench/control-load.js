import { ready, upstream as port } from './contenders/ready.js';
import { answerTo, openClient, pathOf } from './control-exchange.js';

/** Keeps so many connections busy, each sending when it is answered, and looks at every byte of every answer. */
async function load({ connections, seconds }) {
  const told = { requests: 0, lost: 0, garbled: 0, perSecond: 0, p50: 0, p99: 0 };
  const times = [];
  const clients = await Promise.all(Array.from({ length: connections }, () => openClient(port)));
  const began = performance.now();
  const until = began + seconds * 1000;
  const drive = async (client, connection) => {
    for (let n = 0; performance.now() < until; n++) {
      const path = pathOf(connection, n);
      const sentAt = performance.now();
      try {
        if ((await client.ask(path)) !== answerTo(path)) told.garbled++;
      } catch {
        told.lost++;
        return;
      }
      times.push(performance.now() - sentAt);
      told.requests++;
    }
  };
  await Promise.all(clients.map(drive));
  told.perSecond = told.requests / ((performance.now() - began) / 1000);
  for (const client of clients) client.end();
  times.sort((a, b) => a - b);
  told.p50 = times[times.length >> 1];
  told.p99 = times[Math.floor(times.length * 0.99)];
  return told;
}

ready(port, { load });
