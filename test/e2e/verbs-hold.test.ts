import { expect } from 'chai';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { startProxy, upstream, type RunningProxy } from './use-proxy.ts';

describe('brownout stop, start, pause and resume', function () {
  this.timeout(120_000);
  let target: Awaited<ReturnType<typeof upstream>>;
  let proxy: RunningProxy;

  before(async () => {
    target = await upstream();
    using files = folder({
      'proxy.yaml': `upstreams:
  stats: { target: "${target.url}", calls: { leaderboard: GET /leaderboards/*rest } }
  db: { protocol: tcp, target: "127.0.0.1:${target.port}" }
`,
    });
    proxy = await startProxy(['--config', files.file('proxy.yaml')]);
  });

  afterEach(() => verb('fault', 'clear'));

  after(async () => {
    await proxy[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });

  const verb = (...args: string[]) => proxy.verb(...args);
  const ask = async (path: string) => (await fetch(`${proxy.urls['stats']}${path}`)).status;

  it('stop an upstream so that it refuses, and start it again, however often', async () => {
    const refuses = async () => (await rawClient(proxy.urls['stats'] ?? '').ended) === 'refused';
    expect((await verb('stop', 'stats')).stdout).to.match(
      /^stats is stopped \(r\d+\): lift it by "brownout start stats --control \S+"\n$/,
    );
    expect(await refuses()).to.equal(true);
    expect((await verb('stop', 'stats')).stdout).to.match(/^stats is stopped already/);
    expect(JSON.parse((await verb('fault', 'list', '--json')).stdout))
      .to.have.property('rules')
      .with.length(1);
    expect((await verb('start', 'stats')).stdout).to.equal('stats is not stopped any more\n');
    expect(await ask('/x')).to.equal(200);
    expect(await verb('start', 'stats')).to.deep.equal({
      code: 0,
      stdout: 'stats was not stopped\n',
      stderr: '',
    });
  });

  it('pause an upstream so that it hangs, and resume it, and say what is broken still', async () => {
    const waiting = rawClient(proxy.urls['stats'] ?? '');
    await verb('pause', 'stats');
    waiting.send('GET /x HTTP/1.1\r\nHost: a\r\n\r\n');
    await verb('fault', 'add', 'stats=latency:1ms');
    expect(waiting.text).to.equal('');
    const { stdout } = await verb('resume', 'stats');
    expect(stdout).to.match(
      /^stats is not paused any more\nstill there: r\d+ on stats: latency delay 1ms\n$/,
    );
    expect(await waiting.answer()).to.include({ status: 200 });
    waiting.destroy();
    expect(JSON.parse((await verb('pause', 'db', '--json')).stdout))
      .to.have.property('rules')
      .with.length(1);
    expect(JSON.parse((await verb('resume', 'db', '--json')).stdout))
      .to.have.property('removed')
      .with.length(1);
  });

  it('take upstreams only to stop and pause, and say which there are', async () => {
    const call = await verb('stop', 'leaderboard');
    expect(call.stderr)
      .to.include('"leaderboard" is a call of stats')
      .and.to.include('brownout fault add leaderboard=reset');
    const near = await verb('pause', 'statz');
    expect(near.stderr).to.equal('error: unknown upstream "statz", did you mean "stats"?\n');
    expect([call.code, near.code]).to.deep.equal([2, 2]);
  });
});

describe('the verbs without a proxy they may use', function () {
  this.timeout(120_000);

  it('say how to start one, and end with 7', async () => {
    for (const args of [
      ['fault', 'list'],
      ['fault', 'add', 'a=reset'],
      ['stop', 'a'],
      ['journal', '--follow'],
    ]) {
      const { code, stdout, stderr } = await brownout([...args, '--control', '127.0.0.1:9']);
      expect(stderr).to.match(
        /^error: no control API of brownout answers at http:\/\/127\.0\.0\.1:9: start one by "brownout up", or by "brownout proxy /,
      );
      expect([code, stdout]).to.deep.equal([7, '']);
    }
  });

  it('say where its token goes, and never that the token is', async () => {
    await using proxy = await startProxy(['--upstream', 'a=http://127.0.0.1:9', '--token', 'hush']);
    expect(proxy.screen).to.include(' --token <token>').and.to.not.include('hush');
    const without = await proxy.verb('fault', 'list');
    expect(without.stderr).to.match(
      /^error: http:\S+ asks for its token: say it by --token or BROWNOUT_TOKEN\n$/,
    );
    const wrong = await proxy.verb('fault', 'list', '--token', 'hash');
    expect(wrong.stderr).to.include('does not take this token').and.to.not.include('hash');
    expect([without.code, wrong.code]).to.deep.equal([2, 2]);
    expect((await proxy.verb('fault', 'list', '--token', 'hush')).code).to.equal(0);
    const env = { BROWNOUT_TOKEN: 'hush', BROWNOUT_CONTROL: proxy.urls['control'] ?? '' };
    expect((await brownout(['fault', 'add', 'a=reset'], { env })).stdout).to.equal(
      'r1 on a: reset\n',
    );
  });

  it('take a URL, host:port or a port, and nothing else', async () => {
    const wrong = await brownout(['fault', 'list', '--control', 'there']);
    expect(wrong.stderr).to.include('expected a URL such as http://127.0.0.1:8474');
    const inEnv = await brownout(['fault', 'list'], { env: { BROWNOUT_CONTROL: 'there' } });
    expect(inEnv.stderr)
      .to.include('BROWNOUT_CONTROL: expected a URL')
      .and.to.include('got "there"');
    expect([wrong.code, inEnv.code]).to.deep.equal([2, 2]);
    expect((await brownout(['fault', 'list', '--control', '9'])).stderr).to.include(
      'at http://127.0.0.1:9:',
    );
  });

  it('suggest the near miss', async () => {
    for (const [args, near] of [
      [['fault', 'lst'], 'list'],
      [['puase', 'a'], 'pause'],
      [['fault', 'list', '--jsn'], '--json'],
    ] as const) {
      const { code, stderr } = await brownout(args);
      expect(stderr).to.include(`(Did you mean ${near}?)`);
      expect(code).to.equal(2);
    }
  });
});
