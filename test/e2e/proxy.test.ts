import { expect } from 'chai';
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:net';
import { listen } from '../../src/common/server.ts';
import { createAuthority } from '../../src/proxy/authority.ts';
import { brownout, start, type Running } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { rawClient } from '../helpers/raw-client.ts';

describe('brownout proxy', () => {
  const running: Running[] = [];

  afterEach(async () => {
    for (const { child } of running) child.kill('SIGINT');
    await Promise.all(running.splice(0).map(({ finished }) => finished));
  });

  it('relays the bytes of a tcp:// service, whatever they are, and breaks it by rules', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket));
    await using db = await listen(server);
    const { db: url = '', control = '' } = await open(`db=tcp://127.0.0.1:${db.port}`);
    expect(url).to.match(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    const bytes = 'Q\x00\x00\x00\x0dSELECT 1\x00\xff\r\n';
    const client = rawClient(url);
    client.send(Buffer.from(bytes, 'latin1'));
    client.finish();
    expect(await client.ended).to.equal('fin');
    expect(client.text).to.equal(bytes);
    await addRule(control, { on: 'db', inject: { 'limit-data': '4B' } });
    const broken = rawClient(url);
    broken.send('12345678');
    expect(await broken.ended).to.equal('fin');
    expect(broken.text).to.equal('1234');
    const refused = await addRule(control, { on: 'db', inject: { status: 503 } });
    expect(refused.error).to.include('status acts on HTTP, and "db" speaks tcp');
    const { entries } = (await (await fetch(`${control}/v1/journal`)).json()) as {
      entries: { upstream: string; injected: { fault: string }[] }[];
    };
    expect(entries.map(({ upstream }) => upstream)).to.deep.equal(['db', 'db']);
    expect(entries[1]?.injected.map(({ fault }) => fault)).to.deep.equal(['limit-data']);
  });

  it('says which version of brownout it is', async () => {
    const { control = '' } = await open('db=tcp://127.0.0.1:1');
    const { version } = (await (await fetch(`${control}/v1`)).json()) as { version: string };
    expect(version).to.equal((await brownout(['--version'])).stdout.trim());
  });

  it('is reached by http before a service that speaks https, and calls it by its own name', async () => {
    const authority = await createAuthority(Date.now());
    using files = folder({ 'ca.pem': authority.pem });
    const server = createHttpsServer(
      authority.certificate('good', '127.0.0.1'),
      (request, response) => void response.end(`${request.headers.host}`),
    );
    await using target = await listen(server);
    const env = { NODE_EXTRA_CA_CERTS: files.file('ca.pem') };
    const { api = '' } = await open(`api=https://127.0.0.1:${target.port}/`, env);
    expect(api).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(api)).text()).to.equal(`127.0.0.1:${target.port}`);
  });

  for (const target of [
    'tcp://127.0.0.1',
    'ftp://127.0.0.1:21',
    'http://127.0.0.1/path',
    'tcp://127.0.0.1:99999',
    '127.0.0.1:5432',
  ]) {
    it(`says which addresses it takes where it gets ${target}`, async () => {
      const { code, stderr } = await brownout(['proxy', '--upstream', `db=${target}`]);
      expect(stderr).to.include('db=tcp://127.0.0.1:5432').and.to.include(`got "${target}"`);
      expect(code).to.equal(2);
    });
  }

  /** Starts it before one upstream; gives the addresses that it prints, by name. */
  async function open(
    upstream: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, string>> {
    const proxy = start(['proxy', '--upstream', upstream, '--control', '127.0.0.1:0'], { env });
    running.push(proxy);
    const lines = (await proxy.says('try:')).matchAll(/^(\S+) +(\w+:\/\/\S+)/gm);
    return Object.fromEntries([...lines].map(([, name, url]) => [name, url]));
  }
});

async function addRule(control: string, rule: unknown): Promise<{ readonly error?: string }> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ rules: [rule] });
  return (await fetch(`${control}/v1/rules`, { method: 'POST', headers, body })).json() as object;
}
