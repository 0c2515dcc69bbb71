import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { JournalEntry } from '../../src/proxy/journal.ts';
import { start, type Running } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { root } from '../helpers/root.ts';
import { startProxy, upstream, type RunningProxy } from './use-proxy.ts';

describe('brownout journal', function () {
  this.timeout(120_000);
  let target: Awaited<ReturnType<typeof upstream>>;
  let proxy: RunningProxy;

  beforeEach(async () => {
    target = await upstream();
    using files = folder({
      'proxy.yaml': `upstreams:\n  stats: { target: "${target.url}", calls: { board: GET /board/*rest, player: GET /player } }\n`,
    });
    proxy = await startProxy(['--config', files.file('proxy.yaml')]);
  });

  afterEach(async () => {
    await proxy[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });

  const ask = async (path: string, run?: string) => {
    const headers = run === undefined ? {} : { baggage: `brownout.run=${run}` };
    return (await fetch(`${proxy.urls['stats']}${path}`, { headers })).text();
  };
  const follow = (...args: string[]): Running =>
    start(['journal', '--follow', ...args, '--control', proxy.urls['control'] ?? '']);

  it('is a line for each exchange, of 80 columns at most, with what was injected', async () => {
    expect((await proxy.verb('journal')).stdout).to.match(
      /^no exchanges yet: ask something of stats at http:\/\/127\.0\.0\.1:\d+\n$/,
    );
    await proxy.verb('fault', 'add', 'board=status:503');
    await ask('/player');
    await ask(`/board/${'long/'.repeat(40)}end`);
    const { code, stdout } = await proxy.verb('journal');
    const [first = '', second = '', ...more] = stdout.trimEnd().split('\n');
    expect(first).to.match(
      /^\d\d:\d\d:\d\d\.\d{3} {2}stats\.player {2}GET \/player → 200 {2}\d+ms$/,
    );
    expect(second).to.match(/stats\.board {3}GET \/board\/.+….+\/end → 503 {2}\d+ms {2}status$/);
    expect(second).to.have.length.most(80);
    expect([code, more]).to.deep.equal([0, []]);
  });

  it('is of one call or run where it is asked so, and says which calls there are', async () => {
    await ask('/player');
    await ask('/board/x', 'mine');
    const call = await proxy.verb('journal', '--call', 'board');
    expect(call.stdout).to.include('GET /board/x').and.to.not.include('GET /player');
    expect((await proxy.verb('journal', '--run', 'none')).stdout).to.match(
      /^no exchanges of run none yet/,
    );
    const wrong = await proxy.verb('journal', '--call', 'bored');
    expect(wrong).to.include({
      code: 2,
      stderr: 'error: unknown call "bored", did you mean "board"?\n',
    });
  });

  it('is followed as it happens, each exchange once, until Ctrl-C', async () => {
    await ask('/before');
    const following = follow();
    await following.says('GET /before → 200');
    await ask('/board/x');
    await following.says('GET /board/x → 200');
    following.child.kill('SIGINT');
    const { code, stdout, stderr } = await following.finished;
    expect(stdout.trimEnd().split('\n')).to.have.length(2);
    expect([code, stderr]).to.deep.equal([130, '']);
  });

  it('shows what hangs while it hangs, and how it ended', async () => {
    await proxy.verb('fault', 'add', 'board=hang');
    const following = follow('--call', 'board');
    const client = rawClient(proxy.urls['stats'] ?? '');
    client.send('GET /board/x HTTP/1.1\r\nHost: a\r\n\r\n');
    await following.says(/GET \/board\/x → no end yet {2}hang\n/);
    client.destroy();
    await following.says(/GET \/board\/x → client left {2}\S+s {2}hang\n/);
    following.child.kill('SIGINT');
    await following.finished;
  });

  it('is JSON, a line for each exchange, while it is followed and when it is not', async () => {
    const following = follow('--json');
    await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`/${i}`)));
    await following.says(/(.*\n){20}/);
    following.child.kill('SIGINT');
    const { stdout } = await following.finished;
    const followed = entriesIn(stdout);
    const read = entriesIn((await proxy.verb('journal', '--json')).stdout);
    expect(followed.sort((a, b) => a.id - b.id)).to.deep.equal(read);
    expect(read).to.have.length(20);
    expect(read[0]).to.include({ upstream: 'stats', status: 200, end: 'answered' });
  });

  it('ends when its reader has had enough', async () => {
    const bin = fileURLToPath(new URL('bin/brownout.js', root));
    const words = `journal --follow --json --control ${proxy.urls['control']}`;
    const shell = spawn('bash', [
      '-c',
      `"${process.execPath}" "${bin}" ${words} | head -1; exit \${PIPESTATUS[0]}`,
    ]);
    let over = false;
    const closed = once(shell, 'close').finally(() => (over = true));
    let stdout = '';
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    while (!over) {
      await ask('/again');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const [code] = (await closed) as [number];
    expect(entriesIn(stdout)).to.have.length(1);
    expect(code).to.equal(0);
  });

  it('ends with 7 when the proxy does', async () => {
    const following = follow();
    await ask('/x');
    await following.says('GET /x');
    await proxy[Symbol.asyncDispose]();
    const { code, stderr } = await following.finished;
    expect(stderr).to.match(/^error: the proxy at http:\S+ has ended\n$/);
    expect(code).to.equal(7);
  });

  it('tells how much it has missed when it could not keep up', async () => {
    const following = follow();
    await ask('/first');
    await following.says('GET /first');
    following.child.kill('SIGSTOP');
    await flood(proxy.urls['stats'] ?? '');
    following.child.kill('SIGCONT');
    let seen = false;
    const caughtUp = following.says('GET /later').finally(() => (seen = true));
    // What comes before it has caught up is among what is missing.
    while (!seen) await ask('/later');
    await caughtUp;
    following.child.kill('SIGINT');
    expect((await following.finished).stderr).to.match(
      /^\d+ events are missing here: they came too fast\n/,
    );
  });
});

/** More, and longer, than all buffers on the way hold. */
async function flood(url: string): Promise<void> {
  const request = `GET /${'x'.repeat(4000)} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const client = rawClient(url);
  for (let batch = 0; batch < 60; batch++) {
    client.send(request.repeat(100));
    for (let i = 0; i < 100; i++) await client.answer();
  }
  client.destroy();
}

function entriesIn(text: string): JournalEntry[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalEntry);
}
