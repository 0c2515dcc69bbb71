import { Agent, createServer } from 'node:http';
import httpProxy from 'http-proxy';
import { ready, upstream } from './ready.js';

/** As it is used: with a pool of connections that are kept. */
const agent = new Agent({ keepAlive: true });
const proxy = httpProxy.createProxyServer({ target: `http://127.0.0.1:${upstream}`, agent });
proxy.on('error', (_error, _request, response) => response.destroy());
const server = createServer((request, response) => proxy.web(request, response));
server.listen(0, '127.0.0.1', () => ready(server.address().port));
