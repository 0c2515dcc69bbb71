import { connect, createServer } from 'node:net';
import { ready, upstream } from './ready.js';

/** The least that a proxy in Node can do: bytes from one socket to another, both ways. */
const server = createServer({ noDelay: true }, (client) => {
  const target = connect({ port: upstream, host: '127.0.0.1', noDelay: true });
  client.pipe(target).pipe(client);
  client.on('error', () => target.destroy());
  target.on('error', () => client.destroy());
});
server.listen(0, '127.0.0.1', () => ready(server.address().port));
