import { Agent, createServer } from 'node:http';
import httpProxy from 'http-proxy';
import { ready, upstream, variant } from './ready.js';

/** As it comes it makes a connection for every request; as it is used where speed matters it has an agent that keeps them. */
const agent = variant === 'plain' ? undefined : new Agent({ keepAlive: true });
const proxy = httpProxy.createProxyServer({
  target: `http://127.0.0.1:${upstream}`,
  ...(agent ? { agent } : {}),
});
proxy.on('error', (_error, _request, response) => response.destroy());
const server = createServer((request, response) => proxy.web(request, response));
server.listen(0, '127.0.0.1', () => ready(server.address().port));
