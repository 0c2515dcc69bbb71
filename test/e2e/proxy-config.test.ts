import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'yaml';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { freePort, startProxy, upstream } from './use-proxy.ts';

const VALID = `# yaml-language-server: $schema=proxy.json
upstreams:
  stats:
    target: http://127.0.0.1:5000
    listen: 127.0.0.1:0
    host: target
    tls: true
    calls: { leaderboard: GET /leaderboards/top_ten/:product }
  db: { protocol: tcp, target: "127.0.0.1:5432", listen: 0 }
rules:
  - { on: leaderboard, inject: { latency: 2s }, trigger: { first: 2 } }
  - { on: redis, inject: reset }
proxies:
  - { name: redis, listen: "127.0.0.1:0", upstream: "127.0.0.1:6379", enabled: true, more: 1 }
`;

describe('the file of brownout proxy', () => {
  it('says what stands before what, which the screen shows within 80 columns, with or without colour', async () => {
    using files = folder({ 'proxy.yaml': VALID });
    const args = ['--config', files.file('proxy.yaml'), '--seed', '7', '--plans'];
    await using proxy = await startProxy([...args, '--journal', files.file('j.ndjson')]);
    const { screen, urls } = proxy;
    expect(screen).to.match(/^stats +https:\/\/127\.0\.0\.1:\d+ -> http:\/\/127\.0\.0\.1:5000$/m);
    expect(screen).to.match(/^ +calls leaderboard$/m);
    expect(screen).to.match(/^db +tcp:\/\/127\.0\.0\.1:\d+ -> 127\.0\.0\.1:5432$/m);
    expect(screen).to.match(/^redis +tcp:\/\/127\.0\.0\.1:\d+ -> 127\.0\.0\.1:6379$/m);
    expect(screen).to.match(
      /^rules +r1 on leaderboard: latency delay 2s, first 2\n +r2 on redis: reset$/m,
    );
    expect(screen)
      .to.match(/^seed +7$/m)
      .and.to.match(/^plans +requests may/m);
    expect(screen).to.include(files.file('proxy.yaml')).and.to.include(files.file('j.ndjson'));
    const lines = screen.split('\n').filter((line) => !line.includes(files.path));
    expect(lines.filter((line) => line.length > 80)).to.deep.equal([]);
    expect(screen).to.not.include('\u001b');
    await using coloured = await startProxy(args, { FORCE_COLOR: '1' });
    expect(stripVTControlCharacters(coloured.screen)).to.match(/^stats +https:/m);
    expect(coloured.screen).to.include('\u001b[1mstats');
    expect(urls['control']).to.match(/^http:/);
  });

  it('is Toxiproxy’s, too: a bare list of its proxies', async () => {
    await using target = await upstream();
    const toxic = '{"type":"limit_data","attributes":{"bytes":3}}';
    const list = `[{"name":"db","listen":"127.0.0.1:0","upstream":"127.0.0.1:${target.port}","toxics":[${toxic}]}]`;
    using files = folder({ 'toxiproxy.json': list, 'none.json': '[]' });
    await using proxy = await startProxy(['--config', files.file('toxiproxy.json')]);
    const client = rawClient(proxy.urls['db'] ?? '');
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.ended).to.equal('fin');
    expect(client.text).to.equal('HTT');
    await using empty = await startProxy(['--config', files.file('none.json')]);
    expect(empty.screen).to.include('try: brownout fault list --control http://');
  });

  it('tells all that is wrong with it at once, each at its place, and ends with 3', async () => {
    using files = folder({
      'proxy.yaml': `upstreams:
  stats:
    target: http://127.0.0.1:5000
    lisen: 127.0.0.1:5001
    calls: { leaderboard: GET /l, db: GET /d }
  db: { protocol: tcp, target: builtin stats, listen: 99999 }
ruels: []
rules:
  - { on: leaderbord, inject: reset }
  - { on: stats, inject: { latncy: 2s } }
proxies:
  - { name: redis, upstream: "127.0.0.1:1", toxics: [{ type: latency, attributes: { latency: x } }] }
`,
    });
    const { code, stdout, stderr } = await brownout(['proxy', '--config', 'proxy.yaml'], {
      cwd: files.path,
    });
    expect([code, stdout]).to.deep.equal([3, '']);
    const told = stderr.trimEnd().split('\n');
    expect(told.map((line) => line.split(': ')[0])).to.deep.equal(
      ['4:5', '6:32', '6:55', '7:1', '9:11', '10:28', '12:94'].map((at) => `proxy.yaml:${at}`),
    );
    expect(stderr).to.include('unknown key "lisen", did you mean "listen"?');
    expect(stderr).to.include('brownout mock --port 5000');
    expect(stderr).to.include('unknown upstream or call "leaderbord", did you mean "leaderboard"?');
    expect(stderr).to.include('unknown fault "latncy", did you mean "latency"?');
  });

  for (const [what, text, said] of [
    ['nothing', '', 'expected an object (upstreams, rules, proxies), got null'],
    [
      'two upstreams on one port',
      'upstreams: { a: { target: "http://a", listen: 9 }, b: { target: "http://b", listen: 9 } }',
      '1:85: a listens on 127.0.0.1:9 already',
    ],
    [
      'a call with the name of an upstream',
      'upstreams: { a: { target: "http://a", calls: { b: GET / } }, b: { target: "http://b" } }',
      '"b" names another upstream or call already',
    ],
    [
      'a proxy with the name of an upstream',
      'upstreams: { a: { target: "http://a" } }\nproxies: [{ name: a, upstream: "b:1" }]',
      '2:19: "a" is an upstream already',
    ],
    [
      'an upstream of the command line',
      'upstreams: { x: { target: "http://a" } }',
      '--upstream x=… is on the command line already',
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      using files = folder({ 'proxy.yaml': text });
      const args = ['proxy', '--config', files.file('proxy.yaml'), '--upstream', 'x=http://b'];
      const { code, stderr } = await brownout(args);
      expect(stderr).to.match(/proxy\.yaml:[12]:\d+: /);
      expect(stderr).to.include(said);
      expect(code).to.equal(3);
    });
  }

  it('is named where it is not there', async () => {
    const { code, stderr } = await brownout(['proxy', '--config', 'nowhere.yaml']);
    expect([code, stderr]).to.deep.equal([3, 'nowhere.yaml:1:1: cannot be read: no such file\n']);
  });

  it('keeps to the schema that editors get', async () => {
    const { stdout } = await brownout(['schema', 'proxy']);
    const check = new Ajv2020({ strict: false }).compile(JSON.parse(stdout) as object);
    expect(check(parse(VALID)), JSON.stringify(check.errors)).to.equal(true);
    expect(check([{ name: 'db', upstream: 'a:1', toxics: [{ type: 'latency' }] }])).to.equal(true);
    for (const [right, wrong] of [
      ['rules:', 'ruels:'],
      ['listen: 127', 'lisen: 127'],
      ['latency: 2s', 'latncy: 2s'],
    ] as const)
      expect(check(parse(VALID.replace(right, wrong))), wrong).to.equal(false);
  });
});

describe('the flags of brownout proxy', () => {
  it('say what is spoken, and win over the place in the file', async () => {
    await using target = await upstream();
    const port = await freePort();
    using files = folder({
      'proxy.yaml': `upstreams: { file: { target: "${target.url}", listen: 1 } }\nrules: [{ on: raw, inject: { limit-data: 3B } }]`,
    });
    const flags = ['--upstream', `raw=${target.url}`, '--protocol', 'raw=tcp'];
    const listen = ['--listen', `file=127.0.0.1:${port}`];
    await using proxy = await startProxy([
      ...flags,
      ...listen,
      '--config',
      files.file('proxy.yaml'),
    ]);
    expect(proxy.urls['raw']).to.match(/^tcp:/);
    expect(proxy.urls['file']).to.equal(`http://127.0.0.1:${port}`);
    const client = rawClient(proxy.urls['raw'] ?? '');
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.ended).to.equal('fin');
    expect(client.text).to.equal('HTT');
  });

  it('say which one to change where a port is taken', async () => {
    await using target = await upstream();
    const at = `127.0.0.1:${target.port}`;
    using files = folder({
      'proxy.yaml': `upstreams: { a: { target: "${target.url}", listen: "${at}" } }`,
    });
    const flagged = ['--upstream', `stats=${target.url}`];
    for (const [args, change] of [
      [[...flagged, '--listen', `stats=${at}`], '--listen stats=host:port'],
      [[...flagged, '--control', at], '--control host:port'],
      [['--config', files.file('proxy.yaml')], '"listen" of a in '],
    ] as const) {
      const { code, stdout, stderr } = await brownout(['proxy', '--control', '0', ...args]);
      expect(stderr).to.include(
        `error: ${at} is taken by another program: choose another by ${change}`,
      );
      expect([code, stdout]).to.deep.equal([7, '']);
    }
  });

  it('end with 2 where they are wrong, saying what to write', async () => {
    const one = ['--upstream', 'a=http://127.0.0.1:9'];
    for (const [args, said] of [
      [[], 'say --upstream stats=http://127.0.0.1:5000, or --config file'],
      [[...one, '--listen', 'b=1'], '--listen b=… names no upstream'],
      [[...one, '--protocol', 'b=tcp'], '--protocol b=… names no upstream'],
      [[...one, '--protocol', 'a=htp'], 'expected http or tcp'],
      [[...one, ...one], 'a is said twice'],
      [[...one, '--listen', 'a=127.0.0.1:99999'], 'expected host:port, or a port from 0 to 65535'],
    ] as const) {
      const { code, stderr } = await brownout(['proxy', ...args]);
      expect(stderr).to.include(said);
      expect(code).to.equal(2);
    }
  });

  it('suggest a next command that works as it is written', async () => {
    await using target = await upstream();
    await using proxy = await startProxy(['--upstream', `stats=${target.url}`]);
    const [, words = ''] = /try: brownout (.*)\n/.exec(proxy.screen) ?? [];
    expect(words).to.match(/^fault add stats=latency:2s --control http:/);
    expect(await brownout(words.split(' '))).to.include({ code: 0, stderr: '' });
    expect((await proxy.verb('fault', 'list')).stdout).to.match(/^r1 +stats +latency delay 2s$/m);
  });

  it('let requests carry plans only where they say so', async () => {
    await using target = await upstream();
    const headers = { baggage: 'brownout.plan=stats=status:418' };
    for (const [flags, status] of [
      [['--plans'], 418],
      [[], 200],
    ] as const) {
      await using proxy = await startProxy(['--upstream', `stats=${target.url}`, ...flags]);
      expect((await fetch(proxy.urls['stats'] ?? '', { headers })).status).to.equal(status);
    }
  });
});
