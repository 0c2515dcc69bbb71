import { createServer } from 'node:net';
import { expect } from 'chai';
import { listen, type Listening } from '../../../../src/common/server.ts';
import { start, type Running } from '../../../helpers/cli.ts';
import { rawClient } from '../../../helpers/raw-client.ts';
import { curl, type Printed } from './curl.ts';

describe('Toxiproxy’s calls, typed by hand', function () {
  this.timeout(60_000);
  let [running, echo, control, upstream]: [Running?, Listening?, string?, string?] = [];

  before(async () => {
    echo = await listen(createServer((socket) => void socket.on('error', () => {}).pipe(socket)));
    upstream = `127.0.0.1:${echo.port}`;
    running = start(['proxy', '--upstream', `other=tcp://${upstream}`, '--control', '127.0.0.1:0']);
    const said = await running.says('try:');
    [, control = ''] = /^control +(\S+)/m.exec(said) ?? [];
  });

  after(async () => {
    running?.child.kill('SIGINT');
    await running?.finished;
    await echo?.[Symbol.asyncDispose]();
  });

  const type = async (line: string): Promise<Printed> => {
    const printed = await curl(
      line.replaceAll('$C', control ?? '').replaceAll('$U', upstream ?? ''),
    );
    expect(printed.headers, line).to.have.property('x-toxiproxy-request-id');
    return printed;
  };
  const told = async (line: string, status: number, body?: unknown): Promise<unknown> => {
    const printed = await type(line);
    expect(printed.status, `${line}: ${printed.body}`).to.equal(status);
    const value: unknown = printed.body === '' ? undefined : JSON.parse(printed.body);
    if (body !== undefined) expect(value, line).to.deep.equal(body);
    if (status < 300 && value !== undefined)
      expect(printed.headers['content-type'], line).to.match(/^application\/json/);
    return value;
  };
  const refused = (line: string, status: number, error: string) =>
    told(line, status, { error, status });

  it('says its version, as clients read it', async () => {
    const body = await told('curl $C/version', 200);
    expect(Object.keys(body as object)).to.deep.equal(['version']);
    const [, major, minor] = /^(\d+)\.(\d+)\.\d+/.exec((body as { version: string }).version) ?? [];
    expect([Number(major), Number(minor) >= 6]).to.deep.equal([2, true]);
  });

  it('makes, shows, changes and deletes a proxy', async () => {
    const made = (await told(
      `curl $C/proxies -d '{"name":"redis","listen":"127.0.0.1:0","upstream":"$U"}'`,
      201,
    )) as { listen: string };
    const redis = { name: 'redis', listen: made.listen, upstream, enabled: true, toxics: [] };
    expect(made).to.deep.equal(redis);
    expect(made.listen).to.match(/^127\.0\.0\.1:[1-9]\d+$/);
    expect(await roundTrip(made.listen)).to.equal('ping');
    await told('curl $C/proxies/redis', 200, redis);
    expect(await told('curl $C/proxies', 200))
      .to.have.property('redis')
      .that.deep.equals(redis);
    const create = `curl $C/proxies -d '{"name":"redis","upstream":"$U"}'`;
    await refused(create, 409, 'proxy already exists');
    const off = { ...redis, enabled: false };
    await told(`curl -X PATCH $C/proxies/redis -d '{"enabled":false}'`, 200, off);
    expect(await roundTrip(made.listen)).to.equal('refused');
    await told(`curl $C/proxies/redis -d '{"enabled":true}'`, 200, redis);
    expect(await roundTrip(made.listen)).to.equal('ping');
    expect((await type('curl -X DELETE $C/proxies/redis')).body).to.equal('');
    await refused('curl -X DELETE $C/proxies/redis', 404, 'proxy not found');
    expect(await roundTrip(made.listen)).to.equal('refused');
  });

  it('adds, shows, changes and lifts toxics, which act', async () => {
    const { listen: address } = (await told(
      `curl $C/proxies -d '{"name":"db","listen":"127.0.0.1:0","upstream":"$U"}'`,
      201,
    )) as { listen: string };
    const latency = {
      attributes: { latency: 400, jitter: 0 },
      name: 'latency_downstream',
      type: 'latency',
      stream: 'downstream',
      toxicity: 1,
    };
    await told(
      `curl $C/proxies/db/toxics -d '{"type":"latency","attributes":{"latency":400}}'`,
      200,
      latency,
    );
    const began = performance.now();
    expect(await roundTrip(address)).to.equal('ping');
    expect(performance.now() - began).to.be.above(395);
    const limit = {
      attributes: { bytes: 2 },
      name: 'cut',
      type: 'limit_data',
      stream: 'upstream',
      toxicity: 0.5,
    };
    await told(
      `curl $C/proxies/db/toxics -d '{"name":"cut","type":"limit_data","stream":"upstream","toxicity":0.5,"attributes":{"bytes":2}}'`,
      200,
      limit,
    );
    await told('curl $C/proxies/db/toxics', 200, [limit, latency]);
    await told('curl $C/proxies/db/toxics/cut', 200, limit);
    const change = `'{"attributes":{"jitter":3},"name":"x","stream":"upstream","latency":1}'`;
    const changed = { ...latency, attributes: { latency: 400, jitter: 3 } };
    await told(`curl $C/proxies/db/toxics/latency_downstream -d ${change}`, 200, changed);
    await told(`curl -X PATCH $C/proxies/db/toxics/cut -d '{"toxicity":1}'`, 200, {
      ...limit,
      toxicity: 1,
    });
    expect((await type('curl -X DELETE $C/proxies/db/toxics/latency_downstream')).status).to.equal(
      204,
    );
    expect(await roundTrip(address)).not.to.equal('ping');
    expect((await type('curl -X POST $C/reset')).status).to.equal(204);
    await told('curl $C/proxies/db/toxics', 200, []);
    expect(await roundTrip(address)).to.equal('ping');
    await type('curl -X DELETE $C/proxies/db');
  });

  it('populates, and leaves what stands as it is asked for', async () => {
    const { listen: address } = (await told(
      `curl $C/proxies -d '{"name":"p","listen":"127.0.0.1:0","upstream":"$U"}'`,
      201,
    )) as { listen: string };
    const one = `{"name":"p","listen":"${address}","upstream":"$U"}`;
    const two = `{"name":"q","listen":"127.0.0.1:0","upstream":"$U","toxics":[{"type":"timeout"}]}`;
    await told(`curl $C/proxies/p/toxics -d '{"type":"noop"}'`, 200);
    const body = (await told(`curl $C/populate -d '[${one},${two}]'`, 201)) as {
      proxies: { name: string; toxics: { name: string }[] }[];
    };
    const shown = body.proxies.map(({ name, toxics }) => [name, toxics.map((t) => t.name)]);
    expect(shown).to.deep.equal([
      ['p', ['noop_downstream']],
      ['q', ['timeout_downstream']],
    ]);
    await told(`curl $C/populate -d '[]'`, 201, { proxies: null });
    await type('curl -X DELETE $C/proxies/p');
    await type('curl -X DELETE $C/proxies/q');
  });

  it('refuses in Toxiproxy’s words', async () => {
    await told(`curl $C/proxies -d '{"name":"w","listen":"127.0.0.1:0","upstream":"$U"}'`, 201);
    const stream = 'stream was invalid, can be either upstream or downstream';
    for (const [line, status, error] of [
      [`curl $C/proxies -d '{"upstream":"$U"}'`, 400, 'missing required field: name'],
      [`curl $C/proxies -d '{"name":"x"}'`, 400, 'missing required field: upstream'],
      ['curl $C/proxies/x', 404, 'proxy not found'],
      ['curl -X PATCH $C/proxies/w', 400, 'bad request body: EOF'],
      ['curl $C/proxies/x/toxics', 404, 'proxy not found'],
      ['curl $C/proxies/w/toxics/x', 404, 'toxic not found'],
      [`curl $C/proxies/w/toxics -d '{"type":"x"}'`, 400, 'invalid toxic type'],
      [`curl $C/proxies/w/toxics -d '{"type":"x","stream":"y"}'`, 400, stream],
    ] as const)
      await refused(line, status, error);
    const missing = (await told(`curl $C/populate -d '[{"name":"x","upstream":"y"},{}]'`, 400)) as {
      error: string;
    };
    expect(missing.error).to.equal('missing required field: name at proxy 2');
    for (const body of ['{', '{"name":5}', '[]'])
      expect(
        ((await told(`curl $C/proxies -d '${body}'`, 400)) as { error: string }).error,
      ).to.match(/^bad request body: ./);
    await type('curl -X DELETE $C/proxies/w');
  });

  it('lets no browser in on those routes, and on its own as before', async () => {
    const printed = await curl(`curl -A 'Mozilla/5.0 (X11)' ${control}/proxies`);
    expect([printed.status, printed.body.trim()]).to.deep.equal([403, 'User agent not allowed']);
    expect((await curl(`curl -A 'Mozilla/5.0 (X11)' ${control}/v1`)).status).to.equal(200);
  });

  it('tells metrics, and of nothing that is not there', async () => {
    const { status, body } = await curl(`curl ${control}/metrics`);
    expect(status).to.equal(200);
    expect(body).to.match(/^# HELP /m);
    expect((await curl(`curl ${control}/nowhere`)).status).to.equal(404);
    expect((await curl(`curl -X PUT ${control}/proxies`)).status).to.equal(405);
  });
});

/** What comes back of a `ping`, or that none could be sent. */
async function roundTrip(address: string): Promise<string> {
  const client = rawClient(`tcp://${address}`);
  client.send('ping');
  const end = await client.until((text) => text.length === 4);
  client.destroy();
  return end === 'refused' ? 'refused' : client.text;
}
