import http, { type IncomingHttpHeaders } from 'node:http';
import { startPortal } from '../../src/portal/start.ts';
import { createTokens, type TokenPair } from '../../src/portal/accounts/tokens.ts';
import { SEED_ACCOUNTS } from '../../src/portal/accounts/seed.ts';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies whose shape is what they test
  readonly body: any;
}

export interface LogLine {
  readonly level: string;
  readonly [fact: string]: unknown;
}

export interface PortalUnderTest extends AsyncDisposable {
  readonly url: string;
  /** What the portal has logged so far. */
  readonly log: LogLine[];
  send(method: string, path: string, options?: SendOptions): Promise<Answered>;
  /** As an anonymous player. */
  get(path: string, headers?: Record<string, string>): Promise<Answered>;
  /** As ada. */
  getAsAda(path: string, headers?: Record<string, string>): Promise<Answered>;
}

export interface SendOptions {
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

export const SECRET = 'a secret that only these tests know';
export const PAGE = '/games/v2/games/exrps';

/** Short waits, for tests in which the stats service hangs. */
export const QUICK = { ATTEMPT_TIMEOUT: '60ms', PAGE_DEADLINE: '400ms' };

/** A portal of its own for one test. Its log is kept, unless `hear` gets it. */
export async function startPortalUnderTest(
  statsUrl: string,
  env: Record<string, string> = {},
  unprotected = false,
  hear?: (line: LogLine) => void,
): Promise<PortalUnderTest> {
  const log: LogLine[] = [];
  const listen = hear ?? ((line: LogLine) => void log.push(line));
  const portal = await startPortal({
    // Tests of what hangs end it: nobody waits for the end.
    env: { STATS_TRACKER_URL: statsUrl, JWT_SECRET: SECRET, STOP_GRACE: '0ms', ...env },
    unprotected,
    logTo: { write: (line) => listen(JSON.parse(line) as LogLine) },
  });
  return {
    ...clientOf(portal.url),
    url: portal.url,
    log,
    [Symbol.asyncDispose]: () => portal[Symbol.asyncDispose](),
  };
}

/** Those who ask a portal. */
export function clientOf(url: string): Pick<PortalUnderTest, 'send' | 'get' | 'getAsAda'> {
  const send = (method: string, path: string, options: SendOptions = {}) =>
    request(url, method, path, options);
  const get = (path: string, headers: Record<string, string> = {}) =>
    send('GET', path, { headers });
  return {
    send,
    get,
    getAsAda: async (path, headers = {}) => get(path, { ...(await asAda()), ...headers }),
  };
}

/** The headers of a request by ada. `age` makes the token older, in milliseconds. */
export async function asAda(age = 0): Promise<Record<string, string>> {
  return { authorization: `Bearer ${(await tokensOfAda(age)).access}` };
}

/** The headers of a request by `ada`, `grace` or `linus`, with a JSON body. */
export async function asPlayer(username: string): Promise<Record<string, string>> {
  const { access } = await tokensOf(username);
  return { authorization: `Bearer ${access}`, 'content-type': 'application/json' };
}

export function tokensOfAda(age = 0): Promise<TokenPair> {
  return tokensOf('ada', age);
}

async function tokensOf(username: string, age = 0): Promise<TokenPair> {
  const tokens = createTokens(
    { secret: SECRET, accessMs: 3_600_000, refreshMs: 7_200_000 },
    { now: () => Date.now() - age, randomHex: () => 'id' },
  );
  const account = SEED_ACCOUNTS.find((known) => known.username === username);
  if (!account) throw new Error(`${username} has no account`);
  return tokens.issue(account);
}

/** Sends the path exactly as it is written: fetch would tidy it up. */
export function request(
  base: string,
  method: string,
  path: string,
  { headers = {}, body }: SendOptions = {},
): Promise<Answered> {
  const { hostname, port } = new URL(base);
  // By itself Node says so for methods only that usually have a body.
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = http.request(
      { hostname, port, method, path, headers: { ...length, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = (response.headers['content-type'] ?? '').includes('json');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: isJson && text ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Waits until something is so; an answer that never comes is told from one that is late by the test's own timeout. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
