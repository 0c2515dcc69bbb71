import { createServer } from 'node:net';
import { ready, variant } from './ready.js';

/** Answers every request head that it reads with the same bytes. */
const body = JSON.parse(variant);
const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
const answer = Buffer.from(head + body);
const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    const heads = (rest + bytes.toString('latin1')).split('\r\n\r\n');
    rest = heads.pop();
    for (let i = 0; i < heads.length; i++) socket.write(answer);
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => ready(server.address().port));
