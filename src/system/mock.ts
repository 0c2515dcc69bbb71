import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type Listening } from '../common/server.ts';
import { parseMatch } from '../proxy/catalogue.ts';
import type { MockAnswer, MockSpec } from './spec.ts';

/**
 * Starts a mock: the first of its routes that fits answers, one of GET also to HEAD. What none fits gets a 404 that says
 * which there are.
 * @throws {BrownoutError} `port_taken`
 */
export function startMock({ mock, routes }: MockSpec, port = 0): Promise<Listening> {
  const all = Object.entries(routes).map(([text, answer]) => {
    const [, method = '', path = ''] = /^(\S+) +(.*)$/.exec(text) ?? [];
    return { method, fits: parseMatch(`* ${path}`).request, answer };
  });
  const find = (method: string, target: string): MockAnswer | undefined => {
    const head = { method, target, path: target.replace(/[?#].*/s, ''), headers: {} };
    return all.find((route) => [method, '*'].includes(route.method) && route.fits(head))?.answer;
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    const found = find(method, url) ?? (method === 'HEAD' ? find('GET', url) : undefined);
    const { status, headers, body } = found ?? unknown(mock, `${method} ${url}`, routes);
    request.resume();
    // By hand: Node counts nothing for HEAD.
    const length = BODILESS.has(status) ? {} : { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length });
    response.end(method === 'HEAD' || BODILESS.has(status) ? undefined : body);
  };
  // An idle connection is never closed from this side: the service would see a fault that nobody injected.
  return listen(createServer({ keepAliveTimeout: 0 }, onRequest), port);
}

function unknown(mock: string, asked: string, routes: MockSpec['routes']): MockAnswer {
  const error = `the mock "${mock}" has no route for ${asked}`;
  return {
    status: 404,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error, routes: Object.keys(routes) }),
  };
}

const BODILESS = new Set([204, 304]);
