import { createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { listen } from '../../src/common/server.ts';
import type { FaultControl } from '../../src/proxy/fault-control.ts';
import type { JournalEntry } from '../../src/proxy/journal.ts';
import {
  createProxy,
  type OpenUpstream,
  type Proxy,
  type ProxyUpstream,
} from '../../src/proxy/proxy.ts';
import { rawClient, type RawClient } from '../helpers/raw-client.ts';

/** A proxy before an upstream `stats`, with all that a test needs of both. */
export interface Rig {
  readonly proxy: Proxy;
  readonly control: FaultControl;
  readonly url: string;
  /** A raw connection to the proxy. */
  readonly connect: (url?: string) => RawClient;
  /** The journal, as soon as it holds. */
  readonly entriesWhen: (
    holds: (entries: readonly JournalEntry[]) => boolean,
  ) => Promise<JournalEntry[]>;
  /** The journal, as soon as it has `count` entries and none is pending. */
  readonly completed: (count: number) => Promise<JournalEntry[]>;
  /** Opens one more listener; `stats` unless said otherwise. */
  readonly open: (more?: Partial<ProxyUpstream>) => Promise<OpenUpstream>;
  /** Requests that reached the upstream. */
  readonly reached: string[];
}

interface RigOptions extends Partial<ProxyUpstream> {
  readonly handler?: RequestListener;
  readonly seed?: string;
  /** The proxy's time, where a test sets it. */
  readonly clock?: () => number;
  readonly plans?: boolean;
}

export const ROWS = [
  { user: 'ann', score: 10, tags: ['a', 'b'] },
  { user: 'bob', score: 7, tags: [] },
];
export const BODY = JSON.stringify(ROWS);
export const CALLS = {
  leaderboard: 'GET /leaderboards/:product',
  'player-stats': 'GET /stats/:user',
};
export const GET = 'GET /leaderboards/duke HTTP/1.1\r\nHost: stats\r\n\r\n';

/** Runs a test on a rig; afterwards everything is disposed, and nothing may be left open in the process. */
export async function withRig(
  options: RigOptions,
  test: (rig: Rig) => Promise<void>,
): Promise<void> {
  // Mocha starts its own timer when a test has given its promise.
  await nextPoll();
  const before = resources();
  const { handler = answerRows, seed = 'test', plans = false, clock, ...upstream } = options;
  const reached: string[] = [];
  const server = createServer(
    { keepAliveTimeout: 0, maxHeaderSize: 2 ** 20 },
    (request, response) => {
      reached.push(`${request.method} ${request.url}`);
      handler(request, response);
    },
  );
  // What passes is the proxy's to say: newer Nodes refuse more than 2,000 headers.
  server.maxHeadersCount = 0;
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    server.emit('request', request, response);
  });
  const target = await listen(server);
  const proxy = createProxy({ seed, plans, ...(clock ? { clock } : {}) });
  const clients: RawClient[] = [];
  const open = (more: Partial<ProxyUpstream> = {}) =>
    proxy.open({ name: 'stats', target: target.url, calls: CALLS, ...upstream, ...more });
  try {
    const { url } = await open();
    const entriesWhen: Rig['entriesWhen'] = async (holds) => {
      for (let look = 0; ; look++) {
        const { entries } = await proxy.control.journal();
        if (holds(entries)) return [...entries];
        // Often it is a matter of a turn of the loop; who waits for longer leaves the processor to others.
        await (look < 50 ? nextPoll() : sleep(2));
      }
    };
    await test({
      proxy,
      control: proxy.control,
      url,
      reached,
      open,
      connect(to = url) {
        const client = rawClient(to);
        clients.push(client);
        return client;
      },
      entriesWhen,
      completed: (count) =>
        entriesWhen((all) => all.length >= count && all.every(({ end }) => end !== 'pending')),
    });
  } finally {
    await proxy[Symbol.asyncDispose]();
    for (const client of clients) client.destroy();
    await target[Symbol.asyncDispose]();
  }
  await nothingLeft(before);
}

/** One request by a connection of its own. */
export async function send(
  url: string,
  { method = 'GET', headers = {}, body }: SendOptions = {},
): Promise<Answered> {
  const sent = request(url, { method, headers, agent: false });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks = (await response.toArray()) as Buffer[];
  return { response, status: response.statusCode ?? 0, body: Buffer.concat(chunks) };
}

export interface Answered {
  readonly response: IncomingMessage;
  readonly status: number;
  readonly body: Buffer;
}

interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Answers with the rows, as a JSON of known length. */
export const answerRows: RequestListener = (request, response) => {
  request.resume();
  response.sendDate = false;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
  response.end(BODY);
};

/**
 * Fails unless every socket, server and timer that came since is gone: at once, or as soon as the system has said so. What
 * was on its way out before may go.
 */
export async function nothingLeft(before: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 200 && added(before).length > 0; turn++) await nextPoll();
  expect(added(before)).to.deep.equal([]);
}

function added(before: readonly string[]): string[] {
  const known = [...before];
  return resources().filter((name) => {
    const place = known.indexOf(name);
    if (place >= 0) known.splice(place, 1);
    return place < 0;
  });
}

/** What holds the process, of the kinds that a proxy may leave behind. */
export function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|Timeout|Pipe/.test(name))
    .sort();
}

/** A full round of the event loop. */
export function nextPoll(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
