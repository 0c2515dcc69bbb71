import { expect } from 'chai';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { startProxy, upstream } from './use-proxy.ts';

interface Line {
  readonly path: string;
  readonly status: number | null;
  readonly end: string;
  readonly injected: readonly { readonly fault: string }[];
}

describe('the journal file of brownout proxy', () => {
  it('gets a line for each exchange when it ends, after those of earlier runs, to the very last', async () => {
    await using target = await upstream();
    using files = folder({ 'j.ndjson': '{"path":"/earlier"}\n' });
    const file = files.file('j.ndjson');
    const lines = () =>
      files
        .read('j.ndjson')
        .split('\n')
        .slice(1, -1)
        .map((line) => JSON.parse(line) as Line);
    const proxy = await startProxy(['--upstream', `stats=${target.url}`, '--journal', file]);
    const stats = proxy.urls['stats'] ?? '';
    await proxy.verb(
      'fault',
      'add',
      '--rule',
      '{on: stats, match: GET /broken, inject: {status: 503}}',
    );
    await proxy.verb('fault', 'add', '--rule', '{on: stats, match: GET /hang, inject: hang}');
    await Promise.all(
      Array.from({ length: 500 }, async (_, i) => (await fetch(`${stats}/${i}`)).text()),
    );
    expect((await fetch(`${stats}/broken`)).status).to.equal(503);
    const client = rawClient(stats);
    client.send('GET /hang HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(async () => (await proxy.verb('journal')).stdout.includes('/hang'));
    expect(lines().map(({ path }) => path)).to.not.include('/hang');
    await proxy[Symbol.asyncDispose]();
    expect(files.read('j.ndjson')).to.match(/^\{"path":"\/earlier"\}\n/);
    const all = lines();
    expect(new Set(all.map(({ path }) => path))).to.have.property('size', 502);
    expect(all).to.have.length(502);
    const of = (path: string) => all.find((line) => line.path === path);
    expect(of('/7')).to.deep.include({ status: 200, end: 'answered', injected: [] });
    expect(of('/broken')?.injected.map(({ fault }) => fault)).to.deep.equal(['status']);
    expect(of('/hang')).to.deep.include({ status: null, end: 'reset' });
    client.destroy();
  });

  it('that cannot be written ends the command before anything is opened', async () => {
    using files = folder();
    const args = ['proxy', '--upstream', 'a=http://127.0.0.1:9', '--journal', files.path];
    const { code, stdout, stderr } = await brownout(args);
    expect(stderr).to.include(`error: --journal: ${files.path} cannot be written: EISDIR`);
    expect([code, stdout]).to.deep.equal([7, '']);
  });

  it('that takes no more is told once, and the proxy goes on', async function () {
    await using target = await upstream();
    await using proxy = await startProxy([
      '--upstream',
      `a=${target.url}`,
      '--journal',
      '/dev/full',
    ]);
    const ask = async () => (await fetch(proxy.urls['a'] ?? '')).status;
    expect(await ask()).to.equal(200);
    const told = await proxy.complains('ENOSPC');
    expect(told).to.equal(
      'the journal is written no further: ENOSPC: no space left on device, write\n',
    );
    for (let i = 0; i < 3; i++) expect(await ask()).to.equal(200);
    proxy.running.child.kill('SIGINT');
    const { code, stderr } = await proxy.running.finished;
    expect([code, stderr]).to.deep.equal([130, told]);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
}
