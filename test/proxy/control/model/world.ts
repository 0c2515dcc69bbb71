import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:net';
import { randomInt } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { listen, type Listening } from '../../../../src/common/server.ts';
import { startControl } from '../../../../src/proxy/control/start-control.ts';
import { createProxy, type Proxy } from '../../../../src/proxy/proxy.ts';
import type { Call, ProxyState, Reply } from './state.ts';

/** A proxy with its control API, what stands behind it, and the addresses that calls may name. */
export interface World extends AsyncDisposable {
  readonly addresses: Readonly<Record<string, string>>;
  /** The HTTP upstream that was there before any call: it answers `statsAnswer`. */
  readonly stats: string;
  ask(call: Call): Promise<Reply & { readonly ms: number }>;
  readonly proxy: Proxy;
  /** The control API. */
  readonly control: Listening;
}

export async function createWorld(): Promise<World> {
  const host = ownAddress();
  const busy = await listen(createServer(), 0, host);
  const [a, b] = [await listen(greeter('A')), await listen(greeter('B'))];
  const stats = await listen(
    createHttpServer({ keepAliveTimeout: 0 }, (incoming, response) => {
      incoming.resume();
      response.sendDate = false;
      response.end(STATS_BODY);
    }),
  );
  const proxy = createProxy({ seed: 'model', plans: true });
  const opened = await proxy.open({
    name: 'stats',
    target: stats.url,
    calls: { 'never-called': 'GET /never/called' },
  });
  const control = await startControl({ proxy, port: 0, version: '9.9.9' });
  const agent = new Agent({ keepAlive: true });
  const ports = await freePorts(host, 4);
  const addresses = {
    '@any': `${host}:0`,
    '@taken': `${host}:${busy.port}`,
    '@A': `127.0.0.1:${a.port}`,
    '@B': `127.0.0.1:${b.port}`,
    ...Object.fromEntries(ports.map((port, i) => [`@${i + 1}`, `${host}:${port}`])),
  };
  return {
    addresses,
    stats: opened.address,
    ask: (call) => ask(control, agent, call),
    proxy,
    control,
    async [Symbol.asyncDispose]() {
      agent.destroy();
      await control[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await Promise.all([a, b, busy, stats].map((one: Listening) => one[Symbol.asyncDispose]()));
    },
  };
}

/** All proxies, as the API shows them. */
export function proxiesIn({ body }: Reply): ReadonlyMap<string, ProxyState> {
  return new Map(Object.entries(body as Record<string, ProxyState>));
}

/** What `stats` answers whatever it is asked. */
export const STATS_BODY = '{"rows":[1,2,3]}';
export const STATS_ANSWER = [
  'HTTP/1.1 200 OK',
  'Connection: keep-alive',
  `Content-Length: ${STATS_BODY.length}`,
  '',
  STATS_BODY,
].join('\r\n');

async function ask(
  { url }: Listening,
  agent: Agent,
  { line, body, type = 'application/json' }: Call,
): Promise<Reply & { readonly ms: number }> {
  const [method = '', path = ''] = line.split(' ');
  const began = performance.now();
  const headers = body === undefined ? {} : { 'content-type': type };
  const sent = request(url + path, { agent, method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat((await response.toArray()) as Buffer[]).toString();
  const ms = performance.now() - began;
  return { status: response.statusCode ?? 0, body: parsed(text), ms };
}

/** Not all answers are JSON, and none need be. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Says who it is, and then gives back what comes. */
function greeter(name: string): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.write(name);
    socket.pipe(socket);
  });
}

/** Where Linux lets us, a loopback address that no one else uses: its ports are ours alone. */
function ownAddress(): string {
  const part = () => randomInt(2, 254);
  return process.platform === 'linux' ? `127.${part()}.${part()}.${part()}` : '127.0.0.1';
}

async function freePorts(host: string, count: number): Promise<readonly number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = randomInt(10_000, 32_768);
    if (!ports.includes(port) && (await isFree(host, port))) ports.push(port);
  }
  return ports;
}

/** Whether anyone can listen there. */
export async function isFree(host: string, port: number): Promise<boolean> {
  try {
    const listening = await listen(createServer(), port, host);
    await listening[Symbol.asyncDispose]();
    return true;
  } catch {
    return false;
  }
}
