import { createServer } from 'node:net';
import { freePort } from './upstream.js';
import { ready } from './contenders/ready.js';

/** A stats service in each of its states, each with a port of its own; a process of its own holds them all. */

const SLOW_MS = 100;
/** The players whom a fresh portal knows: whom it does not know costs it a line in the log. */
const board = [
  { user_id: '0b1c8a52-6f7e-4d8e-9a51-3f0c2d7e4a01', score: 14 },
  { user_id: '5d2f4c1e-9b3a-4e6d-8c7f-1a2b3c4d5e02', score: 9 },
  { user_id: '9e8d7c6b-5a4f-4321-8bcd-ef0123456703', score: 0 },
];
const stats = { games: '12', wins: '7', losses: '5', rock_selection_count: '4' };
const whole = {
  leaderboard: response('200 OK', JSON.stringify(board)),
  stats: response('200 OK', JSON.stringify(stats)),
};
const unavailable = response('503 SERVICE UNAVAILABLE', '<!doctype html><title>503</title>');
const answer = (socket, target) =>
  socket.write(target.startsWith('/stats/') ? whole.stats : whole.leaderboard);

const states = {
  healthy: answer,
  hanging: () => {},
  503: (socket) => socket.write(unavailable),
  slow: (socket, target) => setTimeout(() => answer(socket, target), SLOW_MS),
};

const ports = { refused: await freePort() };
for (const [state, act] of Object.entries(states)) ports[state] = await listenFor(act);
ready(ports.healthy, { ports: async () => ports });

/** Raw bytes: what the portal costs is to be measured, not what a server does with headers. */
async function listenFor(act) {
  const server = createServer({ noDelay: true }, (socket) => {
    let rest = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const heads = (rest + bytes.toString('latin1')).split('\r\n\r\n');
      rest = heads.pop();
      for (const head of heads) act(socket, head.split(' ', 2)[1] ?? '');
    });
  });
  await new Promise((resolve) =>
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve),
  );
  return server.address().port;
}

/** As the original sends it: JSON that calls itself HTML. */
function response(status, body) {
  const type = 'Content-Type: text/html; charset=utf-8';
  return Buffer.from(
    `HTTP/1.1 ${status}\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}
