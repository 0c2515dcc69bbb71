import { createServer } from 'node:net';
import { ready } from './contenders/ready.js';
import { answerTo } from './control-exchange.js';

/** Answers each request with its own path, so that an answer that went to another is known. */
const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    const heads = (rest + bytes.toString('latin1')).split('\r\n\r\n');
    rest = heads.pop();
    for (const head of heads) socket.write(answerTo(head.slice(4, head.indexOf(' ', 4))));
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => ready(server.address().port));
