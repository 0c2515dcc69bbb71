import http from 'node:http';
import { listen, type Listening } from '../../src/common/server.ts';
import { createProxy } from '../../src/proxy/proxy.ts';
import type { Instance, System } from '../../src/system/system.ts';

/** One request to the service under test. */
export interface Visit {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Counts the requests to this instance from 1; instances from 1 too. */
  readonly ordinal: number;
  readonly instance: number;
  /** Where this instance thinks its upstream is. */
  readonly stats: string;
  /** The JSON of an upstream path; rejects when it does not come whole and with 200 in time. */
  readonly call: (
    path: string,
    within?: number,
    headers?: http.OutgoingHttpHeaders,
  ) => Promise<unknown>;
  /** From now on nothing listens any more, and the instance says why it died. */
  die(): Promise<void>;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it stands, anything else as JSON. */
  readonly body: unknown;
}

/** What the service under test does: given by each test. `never` gives no answer. */
export type Behaviour = (visit: Visit) => Promise<Reply | 'never'>;

export interface Part {
  readonly data: unknown;
  readonly error: unknown;
}

export interface Page {
  readonly title: string;
  readonly board: Part;
  readonly player: Part;
  readonly degraded: unknown;
  readonly [more: string]: unknown;
}

/** The page of a service that degrades right. */
export async function rightPage({ call }: Pick<Visit, 'call'>): Promise<Page> {
  const [board, player] = await Promise.all([part(call('/board'), []), part(call('/player'), {})]);
  return { title: 'Chess', board, player, degraded: board.error || player.error };
}

export async function part(answer: Promise<unknown>, empty: unknown) {
  return answer.then(
    (data) => ({ data, error: false }),
    () => ({ data: empty, error: true }),
  );
}

export const rightService: Behaviour = async (visit) => ({ body: await rightPage(visit) });

/** The same service, which says with each of its calls whose request it works for. */
export function passingOn(behaviour: Behaviour): Behaviour {
  return (visit) => {
    const { baggage = '' } = visit.headers;
    const call: Visit['call'] = (path, within, headers) =>
      visit.call(path, within, { baggage, ...headers });
    return behaviour({ ...visit, call });
  };
}

/** A service that would be right, were it not for what `twist` does to its page. */
export function twisted(twist: (page: Page, visit: Visit) => unknown): Behaviour {
  return async (visit) => ({ body: twist(await rightPage(visit), visit) });
}

export interface World extends AsyncDisposable {
  openSystem(): Promise<System>;
  /** What is still there: instances, listeners of the proxy, rules. */
  left(): Promise<{ instances: number; listeners: number; rules: number }>;
  readonly started: number;
}

export const BOARD = [
  { user: 'ada', score: 3 },
  { user: 'bob', score: 2 },
];
export const PLAYER = { plays: 4 };

export function startUpstream(): Promise<Listening> {
  return listen(
    http.createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url === '/board' ? BOARD : PLAYER));
    }),
  );
}

/** Real services behind a real proxy before a real upstream. */
export async function openWorld(behaviour: Behaviour): Promise<World> {
  const upstream = await startUpstream();
  const proxy = createProxy({ seed: 'test' });
  let [started, running] = [0, 0];

  return {
    get started() {
      return started;
    },
    openSystem: () =>
      Promise.resolve({
        control: proxy.control,
        onlyOne: false,
        async start(run) {
          const number = ++started;
          const opened = await proxy.open({
            name: 'stats',
            target: upstream.url,
            calls: { board: 'GET /board', player: 'GET /player', other: 'GET /other' },
            run,
          });
          const service = await startService(behaviour, opened.url, number);
          running++;
          const { url, address } = opened;
          return {
            ...service,
            get died() {
              return service.died;
            },
            lend: (run) => opened.lend(run),
            values: { 'upstream.stats.url': url, 'upstream.stats.address': address },
            async [Symbol.asyncDispose]() {
              running--;
              await service[Symbol.asyncDispose]();
              await opened[Symbol.asyncDispose]();
            },
          };
        },
        async [Symbol.asyncDispose]() {},
      }),
    async left() {
      const { length: rules } = await proxy.control.rules();
      return { instances: running, listeners: proxy.upstreams.length, rules };
    },
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

export async function startService(
  behaviour: Behaviour,
  stats: string,
  instance: number,
): Promise<Omit<Instance, 'values' | 'lend'>> {
  const agent = new http.Agent({ keepAlive: true });
  let ordinal = 0;
  let died: string | undefined;
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]).toString();
    const { method = '', url: path = '', headers } = request;
    const die = async () => {
      died = 'it fell over';
      await server[Symbol.asyncDispose]();
    };
    const call: Visit['call'] = (to, within = 400, sent = {}) =>
      fetchJson(stats + to, { agent, headers: sent }, within);
    const visit = { method, path, headers, body, stats, instance, call, die };
    const reply = await behaviour({ ...visit, ordinal: ++ordinal });
    if (reply === 'never') return;
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status ?? 200, reply.headers).end(text);
  };
  const server: Listening = await listen(
    http.createServer((request, response) => void answer(request, response)),
  );
  return {
    url: server.url,
    get died() {
      return died;
    },
    log: { lines: ['the last thing it said'], count: 1, since: () => [] },
    async [Symbol.asyncDispose]() {
      agent.destroy();
      if (died === undefined) await server[Symbol.asyncDispose]();
    },
  };
}

function fetchJson(url: string, options: http.RequestOptions, within: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => {
        const json = response.statusCode === 200 ? parsed(text) : undefined;
        if (json === undefined) reject(new Error(`${response.statusCode}: ${text}`));
        else resolve(json);
      });
    });
    const timer = setTimeout(() => request.destroy(new Error('too late')), within);
    request.on('close', () => clearTimeout(timer));
    request.on('error', reject);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
