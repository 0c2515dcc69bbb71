import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { expect } from 'chai';
import { Toxiproxy } from 'toxiproxy-node-client';
import { listen } from '../../../../src/common/server.ts';
import { startControl } from '../../../../src/proxy/control/start-control.ts';
import { createProxy, type Proxy } from '../../../../src/proxy/proxy.ts';
import { rawClient, type RawClient } from '../../../helpers/raw-client.ts';
import { createPeers, echo, silent, type Serve } from '../../peers.ts';
import { nextPoll, nothingLeft, resources } from '../../rig.ts';

export interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The text, read as JSON. */
  readonly body: never;
}

export interface ToxiproxyRig {
  readonly proxy: Proxy;
  /** Toxiproxy's own client for Node, on our control API. */
  readonly client: Toxiproxy;
  readonly url: string;
  /** `host:port` of a server that speaks through `peer`, unless it serves by itself. */
  readonly upstream: string;
  readonly ask: (line: string, body?: unknown, headers?: Record<string, string>) => Promise<Told>;
  /** A raw connection to a proxy, by what it listens on. */
  readonly dial: (listens: string | { readonly listen: string }) => RawClient;
  /** The upstream's end of the nth connection that was made to it, counted from 0, as soon as it is there. */
  readonly peer: (nth: number) => Promise<RawClient>;
  /** A connection that is open at both ends. */
  readonly pair: (listens: string | { readonly listen: string }) => Promise<[RawClient, RawClient]>;
}

export { echo, silent, type Serve };

/** Runs a test on a proxy that nothing is open in yet; afterwards nothing may be left open in the process. */
export async function withToxiproxy(
  serve: Serve,
  test: (rig: ToxiproxyRig) => Promise<void>,
): Promise<void> {
  await nextPoll();
  const before = resources();
  const peers = createPeers(serve);
  const clients: RawClient[] = [];
  const target = await listen(peers.server);
  const proxy = createProxy({ seed: 'test' });
  const control = await startControl({ proxy, port: 0 });
  const dial: ToxiproxyRig['dial'] = (listens) => {
    const address = typeof listens === 'string' ? listens : listens.listen;
    const client = rawClient(`tcp://${address.replace(/^(\[::\]|0\.0\.0\.0)/, '127.0.0.1')}`);
    clients.push(client);
    return client;
  };
  try {
    await test({
      proxy,
      client: new Toxiproxy(control.url),
      url: control.url,
      upstream: `127.0.0.1:${target.port}`,
      ask: (line, body, headers = {}) => ask(control.url, line, body, headers),
      dial,
      peer: peers.nth,
      async pair(listens) {
        const nth = peers.count();
        const client = dial(listens);
        return [client, await peers.nth(nth)];
      },
    });
  } finally {
    await control[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    for (const client of clients) client.destroy();
    await target[Symbol.asyncDispose]();
  }
  await nothingLeft(before);
}

/** A body that is no text is sent as JSON. */
async function ask(
  url: string,
  line: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Told> {
  const [method = '', path = ''] = line.split(' ');
  const sending = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const length = sending === undefined ? {} : { 'content-length': Buffer.byteLength(sending) };
  const sent = request(url + path, { agent: false, method, headers: { ...length, ...headers } });
  sent.end(sending);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat((await response.toArray()) as Buffer[]).toString();
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text,
    get body() {
      return JSON.parse(text) as never;
    },
  };
}

/** A refusal in Toxiproxy's form. */
export function refused(told: Told, status: number, error: string | RegExp): void {
  expect(told.status, told.text).to.equal(status);
  expect(told.headers).to.include({
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  const { error: said } = JSON.parse(told.text) as { error: string };
  expect(told.text).to.equal(`${JSON.stringify({ error: said, status })}\n`);
  if (typeof error === 'string') expect(said).to.equal(error);
  else expect(said).to.match(error);
}

/** What a toxic of a type is told as. */
export function toxicOf(type: string, attributes: object, more: object = {}): object {
  return {
    attributes,
    name: `${type}_downstream`,
    type,
    stream: 'downstream',
    toxicity: 1,
    ...more,
  };
}
