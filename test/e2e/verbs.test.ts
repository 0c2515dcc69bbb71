import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { brownout, type Finished } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { root } from '../helpers/root.ts';
import { startProxy, upstream, type RunningProxy } from './use-proxy.ts';

const CALLS = '{ leaderboard: GET /leaderboards/*rest, player-stats: GET /stats/*rest }';

describe('brownout fault', function () {
  // Each verb is a process of its own, and a busy machine takes its time for one.
  this.timeout(120_000);
  let target: Awaited<ReturnType<typeof upstream>>;
  let proxy: RunningProxy;

  before(async () => {
    target = await upstream();
    using files = folder({
      'proxy.yaml': `upstreams:\n  stats: { target: "${target.url}", calls: ${CALLS} }\n  db: { protocol: tcp, target: "127.0.0.1:${target.port}" }\n`,
    });
    proxy = await startProxy(['--config', files.file('proxy.yaml')]);
  });

  afterEach(() => verb('fault', 'clear'));

  after(async () => {
    await proxy[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });

  const verb = (...args: string[]): Promise<Finished> => proxy.verb(...args);
  const ask = async (path: string, headers = {}) =>
    (await fetch(`${proxy.urls['stats']}${path}`, { headers })).status;

  it('add faults by their addresses, all or none, and lift them by their ids', async () => {
    const added = await verb(
      'fault',
      'add',
      'leaderboard=status:503+player-stats#2=status:500',
      'db=hang',
    );
    expect(added).to.deep.equal({
      code: 0,
      stderr: '',
      stdout:
        'r1 on leaderboard: status code 503\nr2 on player-stats: status code 500, nth [2]\nr3 on db: hang\n',
    });
    expect(await ask('/leaderboards/x')).to.equal(503);
    expect([await ask('/stats/x'), await ask('/stats/x')]).to.deep.equal([200, 500]);
    const lifted = await verb('fault', 'remove', 'r1', 'r2');
    expect(lifted.stdout).to.match(/^lifted r1 on leaderboard.*\nlifted r2 on player-stats.*\n$/);
    expect(await ask('/leaderboards/x')).to.equal(200);
    expect((await verb('fault', 'clear')).stdout).to.equal('lifted 1 fault\n');
  });

  it('add faults with triggers as they are written, for one run or all', async () => {
    const triggers = ['first=2', 'nth=1,2', 'flap=up:2s,down:1s', 'probability=0.5', 'after=1s'];
    const options = triggers.flatMap((trigger) => ['--trigger', trigger]);
    const { stdout } = await verb(
      'fault',
      'add',
      'stats=latency:2s',
      ...options,
      '--run',
      'a',
      '--json',
    );
    const { rules } = JSON.parse(stdout) as { rules: object[] };
    expect(rules).to.deep.equal([
      {
        id: 'a.r1',
        run: 'a',
        on: 'stats',
        inject: [{ fault: 'latency', delay: '2s' }],
        trigger: {
          first: 2,
          nth: [1, 2],
          flap: { up: '2s', down: '1s' },
          probability: 0.5,
          after: '1s',
        },
      },
    ]);
    expect((await verb('fault', 'list', '--run', 'b')).stdout).to.match(
      /^no faults of run b stand/,
    );
    expect((await verb('fault', 'list', '--run', 'a')).stdout).to.match(
      /^a\.r1 +stats +latency delay 2s +first 2/m,
    );
    expect((await verb('fault', 'clear', '--run', 'a')).stdout).to.equal(
      'lifted 1 fault of run a\n',
    );
  });

  it('add richer rules as YAML, from a file, or from the standard input', async () => {
    const one = '{on: stats, match: GET /a, inject: {status: 418, body: "[]"}}';
    const other = '{"on": "stats", "match": "GET /b", "inject": "reset"}';
    const { stdout } = await verb('fault', 'add', '--rule', one, '--rule', other);
    expect(stdout.split('\n')).to.have.length(3);
    expect(stdout).to.include(' on stats GET /a: status code 418, body "[]"\n');
    expect(await ask('/a')).to.equal(418);
    using files = folder({
      'list.yaml': '- { on: stats, match: GET /c, inject: { status: 410 } }\n',
      'config.yaml': 'rules:\n  - { on: stats, match: GET /d, inject: { status: 411 } }\n',
      'one.json': '{"on": "stats", "match": "GET /e", "inject": {"status": 412}}',
    });
    for (const [name, path, status] of [
      ['list.yaml', '/c', 410],
      ['config.yaml', '/d', 411],
      ['one.json', '/e', 412],
    ] as const) {
      expect(await verb('fault', 'add', '--file', files.file(name))).to.include({ code: 0 });
      expect(await ask(path)).to.equal(status);
    }
    const piped = await withInput(
      ['fault', 'add', '--file', '-'],
      '[{on: stats, match: GET /f, inject: {status: 413}}]',
    );
    expect(piped.stdout).to.include('on stats GET /f: status code 413\n');
    expect(await ask('/f')).to.equal(413);
  });

  it('tell every mistake in an address or a rule with what was meant, and change nothing', async () => {
    for (const [args, said] of [
      [
        ['statz=reset+leaderboard=latncy:2s', 'db=status:503'],
        [
          '"statz=reset": unknown upstream or call "statz", did you mean "stats"?',
          '"leaderboard=latncy:2s": unknown fault "latncy", did you mean "latency"?',
          'status acts on HTTP, and "db" speaks tcp',
        ],
      ],
      [
        ['stats=reset', '--trigger', 'frist=2', '--trigger', 'nth=x', '--trigger', 'every'],
        [
          '--trigger: unknown trigger "frist", did you mean "first"?',
          '--trigger nth: expected a whole number',
          '--trigger: expected name=value such as first=2, got "every"',
        ],
      ],
      [
        ['--rule', '{on: stats, inject: {status: 5033, bod: x}}'],
        [
          'inject.bod: status has no parameter "bod", did you mean "body"?',
          'inject.status: status code: expected a whole number from 200 to 599, got 5033',
        ],
      ],
      [['--rule', '{on: stats'], ['--rule:1:']],
      [[], ['nothing to add: say for example stats=latency:2s']],
      [
        ['--rule', '{on: stats, inject: reset}', '--trigger', 'first=1'],
        ['--trigger belongs to an address'],
      ],
      [['stats=reset', '--file', 'x'], ['say either --file, or what to add']],
    ] as const) {
      const { code, stdout, stderr } = await verb('fault', 'add', ...args);
      for (const text of said) expect(stderr).to.include(text);
      expect([code, stdout]).to.deep.equal([2, '']);
    }
    using files = folder({
      'rules.yaml': 'rules:\n  - { on: stats, inject: reset }\n  - { on: stats, inject: rest }\n',
    });
    const { code, stderr } = await verb('fault', 'add', '--file', files.file('rules.yaml'));
    expect(stderr).to.equal(
      `${files.file('rules.yaml')}:3:26: unknown fault "rest", did you mean "reset"?\n`,
    );
    expect(code).to.equal(3);
    expect(JSON.parse((await verb('fault', 'list', '--json')).stdout)).to.deep.equal({ rules: [] });
  });

  it('list what stands in lines of 80 columns, and say what to do where nothing does', async () => {
    expect((await verb('fault', 'list')).stdout).to.match(
      /^no faults stand: add one by "brownout fault add stats=latency:2s --control http:\/\/\S+"\n$/,
    );
    const body = 'x'.repeat(500);
    await verb(
      'fault',
      'add',
      '--rule',
      `{on: stats, match: GET /a/very/long/path/*rest, inject: {status: 503, body: "${body}\\n\\e[31m"}, trigger: {flap: {up: 2s, down: 1s}, first: 3}}`,
    );
    await verb('fault', 'add', 'leaderboard=reset', '--run', 'a-run-of-mine');
    const { stdout } = await verb('fault', 'list');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).to.have.length(3);
    expect(lines[0]).to.match(/^id +on +what +trigger +run$/);
    expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
    expect(lines[1]).to.include('…');
    expect(lines[2]).to.match(/leaderboard +reset +a-run-of-mine$/);
    expect(stdout).to.not.include('\u001b');
    const coloured = await brownout([
      'fault',
      'list',
      '--color',
      '--control',
      proxy.urls['control'] ?? '',
    ]);
    expect(coloured.stdout.startsWith('\u001b[1mid')).to.equal(true);
  });

  it('arm the next request only', async () => {
    const { stdout } = await verb('fault', 'arm', 'leaderboard=status:503', '--ttl', '5m');
    expect(stdout).to.match(
      /^r\d+ on leaderboard: status code 503, (once, until \d\d:\d\d:\d\d)\n$/,
    );
    const [, when = ''] = /(once.*)\n/.exec(stdout) ?? [];
    expect((await verb('fault', 'list')).stdout).to.include(when);
    expect([
      await ask('/stats/x'),
      await ask('/leaderboards/x'),
      await ask('/leaderboards/x'),
    ]).to.deep.equal([200, 503, 200]);
    expect((await verb('fault', 'list')).stdout).to.match(/^no faults stand/);
    for (const [args, said] of [
      [['stats=refuse'], 'stats=… inject: refuse acts on the port itself'],
      [['stats=reset', '--ttl', '5'], '--ttl: expected a duration such as 250ms or 2s'],
      [['stats=reset', '--ttl', '5h'], '--ttl: expected 1ms to 1h'],
      [['leaderboard=reset+stats=refuse'], 'refuse acts on the port itself'],
    ] as const) {
      const { code, stderr } = await verb('fault', 'arm', ...args);
      expect(stderr).to.include(said);
      expect(code).to.equal(2);
    }
    expect((await verb('fault', 'list')).stdout).to.match(/^no faults stand/);
  });

  it('know which ids there are, and lift none where one is wrong', async () => {
    const { stdout } = await verb('fault', 'add', 'stats=hang');
    const [id = ''] = stdout.split(' ');
    const wrong = await verb('fault', 'remove', id, `${id}0`);
    expect(wrong.stderr).to.equal(`error: there is no fault "${id}0", did you mean "${id}"?\n`);
    expect(wrong.code).to.equal(2);
    expect((await verb('fault', 'list')).stdout).to.include('hang');
    await verb('fault', 'clear');
    expect((await verb('fault', 'remove', 'r1')).stderr).to.include('"r1" (no faults stand)');
  });

  async function withInput(args: readonly string[], input: string) {
    const bin = fileURLToPath(new URL('bin/brownout.js', root));
    const child = spawn(process.execPath, [bin, ...args, '--control', proxy.urls['control'] ?? '']);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number];
    return { code, stdout };
  }
});
