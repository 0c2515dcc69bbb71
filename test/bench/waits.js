import { once } from 'node:events';
import { connect } from 'node:net';
import { BODY, PATH } from './upstream.js';

/**
 * `count` requests under a latency fault, sent one after another spread evenly over its delay, so that all are in flight
 * when the first is answered; three times over. Each has a connection of its own. What is measured is the time from the
 * moment before the request was written to the moment in which the first byte of its answer was read, less the delay: it
 * holds the way to the upstream and back, and this process's own lateness. A negative one was answered early.
 */
export async function measureLateness(child, { count, delayMs }) {
  await child.ask('add', [{ on: 'stats', inject: { latency: `${delayMs}ms` } }]);
  const clients = await connectAll(child.port, count);
  const late = [];
  const start = performance.now();
  await Promise.all(
    clients.map(async (client, i) => {
      for (let round = 0; round < 3; round++) {
        const due = start + round * (delayMs + SPARE_MS) + (i * delayMs) / count;
        await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
        const sentAt = performance.now();
        const cameAt = await client.ask();
        late.push(cameAt - sentAt - delayMs);
      }
    }),
  );
  for (const client of clients) client.end();
  await child.ask('clear');
  late.sort((a, b) => a - b);
  return {
    requests: late.length,
    early: late.filter((ms) => ms < 0).length,
    least: late[0],
    median: late[Math.floor(late.length / 2)],
    p99: late[Math.floor(late.length * 0.99)],
    most: late.at(-1),
  };
}

/** With `count` exchanges waiting for a fault: the time from the order to lift it to the last answer, and to its own reply. */
export async function measureLift(child, { count, inject }) {
  await child.ask('add', [{ on: 'stats.leaderboard', inject }]);
  const clients = await connectAll(child.port, count);
  const answers = clients.map((client) => client.ask());
  while ((await child.ask('waiting')) < count) await new Promise((r) => setTimeout(r, 50));
  const lifted = performance.now();
  const cleared = child.ask('clear').then(() => performance.now());
  const times = await Promise.all(answers);
  const result = { lastMs: Math.max(...times) - lifted, clearedMs: (await cleared) - lifted };
  for (const client of clients) client.end();
  return result;
}

async function connectAll(port, count) {
  const clients = [];
  for (let i = 0; i < count; i++) clients.push(await open(port));
  return clients;
}

async function open(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  // Whoever waits for it is told; what comes after its last answer is of no matter.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return {
    /** Sends a request; resolves with the time at which the first byte of its answer was read. */
    async ask() {
      socket.write(REQUEST);
      let [bytes] = await once(socket, 'data');
      const cameAt = performance.now();
      while (!bytes.includes(END)) bytes = Buffer.concat([bytes, ...(await once(socket, 'data'))]);
      if (!bytes.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(String(bytes));
      return cameAt;
    },
    end: () => socket.destroy(),
  };
}

const REQUEST = `GET ${PATH} HTTP/1.1\r\nHost: stats\r\n\r\n`;
/** How an answer ends. */
const END = BODY.slice(-20);
/** Between two times over, so that a late answer is not asked for again before it has come. */
const SPARE_MS = 500;
