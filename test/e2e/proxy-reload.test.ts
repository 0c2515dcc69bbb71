import { expect } from 'chai';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { listen } from '../../src/common/server.ts';
import { folder, type Folder } from '../helpers/folder.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { freePort, startProxy, upstream, type RunningProxy } from './use-proxy.ts';

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n';

describe('the file of a proxy that runs', () => {
  it('is read again when it is written, replaced, broken and mended, and no exchange is lost', async () => {
    let connections = 0;
    const server = createServer((_, response) => void response.end('well'));
    server.on('connection', () => connections++);
    await using target = await listen(server);
    const stats = `stats: { target: "${target.url}" }`;
    using files = folder({ 'proxy.yaml': `upstreams: { ${stats} }\n` });
    await using proxy = await startProxy(['--config', files.file('proxy.yaml')]);
    const traffic = startTraffic(proxy.urls['stats'] ?? '');

    write(files, `upstreams: { ${stats}, other: { target: "http://127.0.0.1:9" } }\n`);
    await proxy.running.says(/added other at http:\/\/127\.0\.0\.1:\d+\n/);

    const more = `upstreams: { ${stats}, other: { target: "http://127.0.0.1:9" } }\nrules: [{ on: other, inject: reset }]\n`;
    writeFileSync(files.file('proxy.yaml~'), more);
    renameSync(files.file('proxy.yaml~'), files.file('proxy.yaml'));
    await proxy.running.says('added 1 rule (r1)\n');

    write(files, `upstreams: { ${stats} }\nruels: []\nrules: [{ on: other, inject: rest }]\n`);
    const told = await proxy.complains('nothing was changed');
    expect(told).to.include('proxy.yaml:2:1: unknown key "ruels", did you mean "rules"?');
    expect(told).to.include('proxy.yaml:3:30: unknown fault "rest", did you mean "reset"?');
    expect((await proxy.verb('fault', 'list')).stdout).to.match(/^r1 +other +reset$/m);

    write(files, `upstreams: { ${stats} }\n`);
    await proxy.running.says('removed other, lifted 1 rule (r1)\n');

    const { answered, failed } = await traffic.stop();
    expect(failed).to.deep.equal([]);
    expect(answered).to.be.above(100);
    expect(connections).to.equal(CLIENTS);
  });

  it('is missed while it is gone, and read when it is back', async () => {
    const text = 'upstreams: { a: { target: "http://127.0.0.1:9" } }\n';
    using files = folder({ 'proxy.yaml': text });
    await using proxy = await startProxy(['--config', files.file('proxy.yaml')]);
    rmSync(files.file('proxy.yaml'));
    await proxy.complains('proxy.yaml:1:1: cannot be read: no such file');
    write(files, '');
    await proxy.complains('expected an object (upstreams, rules, proxies), got null');
    write(files, text.replace('a:', 'b:'));
    await proxy.running.says(/added b at \S+ removed a\n/);
  });

  it('leaves rules that stay as they are, with their ids, their counts and what waits for them', async () => {
    await using target = await upstream();
    const head = `upstreams: { stats: { target: "${target.url}", calls: { slow: GET /slow } } }\nrules:\n`;
    const twice =
      '  - { on: stats, match: GET /x, inject: { status: 503 }, trigger: { first: 2 } }\n';
    const hang = '  - { on: slow, inject: hang }\n';
    const late = '  - { on: stats, match: GET /late, inject: { latency: 1ms } }\n';
    using files = folder({ 'proxy.yaml': head + twice + hang });
    await using proxy = await startProxy(['--config', files.file('proxy.yaml')]);
    expect(proxy.screen).to.include('r1 on stats GET /x: status code 503, first 2');
    const stats = proxy.urls['stats'] ?? '';
    const ask = async (path: string) => (await fetch(stats + path)).status;
    expect(await ask('/x')).to.equal(503);
    let waits = true;
    const waiting = ask('/slow').finally(() => (waits = false));

    write(files, head + late + hang + twice);
    await proxy.running.says(': added 1 rule (r3)\n');
    expect(await ask('/x')).to.equal(503);
    expect(await ask('/x')).to.equal(200);
    expect(waits).to.equal(true);

    write(files, head + twice);
    await proxy.running.says(': lifted 2 rules (r2, r3)\n');
    expect(await waiting).to.equal(200);
  });

  it('moves an upstream to another port', async () => {
    await using target = await upstream();
    const [from, to] = [await freePort(), await freePort()];
    const text = `upstreams: { stats: { target: "${target.url}", listen: "127.0.0.1:${from}" } }\nrules: [{ on: stats, inject: { status: 418 } }]\n`;
    using files = folder({ 'proxy.yaml': text });
    await using proxy = await startProxy(['--config', files.file('proxy.yaml')]);
    expect((await fetch(`http://127.0.0.1:${from}`)).status).to.equal(418);
    write(files, text.replace(`${from}`, `${to}`));
    await proxy.running.says(`opened stats anew at http://127.0.0.1:${to}\n`);
    expect((await fetch(`http://127.0.0.1:${to}`)).status).to.equal(418);
    expect(await rawClient(`http://127.0.0.1:${from}`).ended).to.equal('refused');
  });

  it('puts another service behind the same port, and lets two upstreams swap theirs', async () => {
    await using one = await upstream((_, response) => void response.end('one'));
    await using two = await upstream((_, response) => void response.end('two'));
    const [a, b] = [await freePort(), await freePort()];
    const text = (first: string, second: string, ports: readonly number[]) =>
      `upstreams:\n  a: { target: "${first}", listen: ${ports[0]} }\n  b: { target: "${second}", listen: ${ports[1]} }\n`;
    using files = folder({ 'proxy.yaml': text(one.url, two.url, [a, b]) });
    await using proxy = await startProxy(['--config', files.file('proxy.yaml')]);
    const said = async (port: number) => (await fetch(`http://127.0.0.1:${port}`)).text();
    write(files, text(two.url, two.url, [a, b]));
    await proxy.running.says(`opened a anew at http://127.0.0.1:${a}\n`);
    expect(await said(a)).to.equal('two');
    write(files, text(one.url, two.url, [b, a]));
    await proxy.running.says(`opened a anew at http://127.0.0.1:${b}, opened b anew`);
    expect([await said(a), await said(b)]).to.deep.equal(['two', 'one']);
  });

  it('names calls anew on connections that are open', async () => {
    await using target = await upstream();
    const text = (call: string) =>
      `upstreams: { stats: { target: "${target.url}", calls: { ${call}: GET /x } } }\nrules: [{ on: ${call}, inject: { status: 418 } }]\n`;
    using files = folder({ 'proxy.yaml': text('before') });
    await using proxy = await startProxy(['--config', files.file('proxy.yaml')]);
    const client = rawClient(proxy.urls['stats'] ?? '');
    client.send(GET);
    expect(await client.answer()).to.include({ status: 418 });
    write(files, text('after'));
    await proxy.running.says(
      'named the calls of stats anew, added 1 rule (r2), lifted 1 rule (r1)',
    );
    client.send(GET);
    expect(await client.answer()).to.include({ status: 418 });
    const { stdout } = await proxy.verb('journal', '--json');
    const calls = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { call: string }).call);
    expect(calls).to.deep.equal(['before', 'after']);
    client.destroy();
  });

  it('changes nothing where a port cannot be had, and keeps what is open', async () => {
    await using target = await upstream();
    await using taken = await upstream();
    const rules = 'rules: [{ on: b, match: GET /x, inject: { status: 418 } }]\n';
    const text = `upstreams:\n  a: { target: "${target.url}" }\n  b: { target: "${target.url}" }\n`;
    using files = folder({ 'proxy.yaml': text + rules });
    await using proxy = await startProxy(['--config', files.file('proxy.yaml')]);
    const client = rawClient(proxy.urls['b'] ?? '');
    client.send(GET);
    expect(await client.answer()).to.include({ status: 418 });
    write(
      files,
      `upstreams:\n  c: { target: "${target.url}" }\n  b: { target: "${target.url}", listen: ${taken.port} }\n`,
    );
    const told = await proxy.complains('nothing was changed');
    expect(told).to.include(
      `127.0.0.1:${taken.port} is taken by another program: choose another by "listen" of b in `,
    );
    client.send(GET);
    expect(await client.answer()).to.include({ status: 418 });
    const { upstreams } = await about(proxy);
    expect(upstreams.map(({ name }) => name)).to.have.members(['a', 'b']);
    client.destroy();
  });

  it('takes nothing away under a rule that somebody else has added', async () => {
    const stats = 'target: "http://127.0.0.1:9", calls: { board: GET /b, player: GET /p }';
    const text = `upstreams:\n  stats: { ${stats} }\n  other: { target: "http://127.0.0.1:9" }\n`;
    using files = folder({ 'proxy.yaml': text });
    await using proxy = await startProxy(['--config', files.file('proxy.yaml')]);
    await proxy.verb('fault', 'add', 'board=reset', 'other=hang');
    write(files, `upstreams:\n  stats: { ${stats.replace('board', 'boards')} }\n`);
    const told = await proxy.complains('nothing was changed');
    expect(told).to.match(
      /r1 was added by the control API and stands on board.*"brownout fault remove r1"/,
    );
    expect(told).to.match(
      /r2 was added by the control API and stands on other, which would be gone/,
    );
    await proxy.verb('fault', 'clear');
    write(files, `upstreams:\n  stats: { ${stats.replace('board', 'boards')} } \n`);
    await proxy.running.says('removed other, named the calls of stats anew\n');
  });

  it('stands Toxiproxy’s proxies too, and changes them by their toxics', async () => {
    await using target = await upstream();
    const { host, port } = target;
    const list = (toxics: string) =>
      `[{"name": "db", "listen": "127.0.0.1:0", "upstream": "${host}:${port}", "extra": 1, "toxics": [${toxics}]}]`;
    using files = folder({
      'proxy.json': list('{"type": "latency", "attributes": {"latency": 1}}'),
    });
    await using proxy = await startProxy(['--config', files.file('proxy.json')]);
    expect(proxy.screen).to.include('toxics latency_downstream');
    expect((await fetch((proxy.urls['db'] ?? '').replace('tcp', 'http'))).status).to.equal(200);
    writeFileSync(files.file('proxy.json'), list('{"type": "limit_data", "name": "cut"}'));
    await proxy.running.says('set the proxy db\n');
    expect((await proxy.verb('fault', 'list')).stdout).to.match(/^db\/cut +db/m);
    writeFileSync(files.file('proxy.json'), list('{"type": "latenzy"}'));
    await proxy.complains('proxy.json:1:');
    writeFileSync(files.file('proxy.json'), '[]');
    await proxy.running.says('removed the proxy db\n');
    expect((await about(proxy)).upstreams).to.deep.equal([]);
  });
});

/** Clients that ask one thing after another, each on a connection that it keeps. */
function startTraffic(url: string) {
  let over = false;
  let answered = 0;
  const failed: unknown[] = [];
  const clients = Array.from({ length: CLIENTS }, async () => {
    const client = rawClient(url);
    while (!over) {
      client.send(GET);
      const answer = await client.answer();
      if (typeof answer === 'object' && answer.body === 'well') answered++;
      else failed.push(answer);
      if (typeof answer !== 'object') break;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    client.destroy();
  });
  return {
    async stop() {
      over = true;
      await Promise.all(clients);
      return { answered, failed };
    },
  };
}

async function about(proxy: RunningProxy): Promise<{ upstreams: { name: string }[] }> {
  const answer = await fetch(`${proxy.urls['control']}/v1`);
  return (await answer.json()) as { upstreams: { name: string }[] };
}

function write(files: Folder, text: string): void {
  writeFileSync(files.file('proxy.yaml'), text);
}

const CLIENTS = 4;
