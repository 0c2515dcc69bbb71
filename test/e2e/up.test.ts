import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { brownout, start } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { upstream } from './use-proxy.ts';
import { FORGETFUL, isAlive, startUp, type RunningUp } from './use-up.ts';

describe('brownout up', () => {
  let up: RunningUp;

  before(async () => {
    up = await startUp(['scenarios/portal', '--seed', '7']);
  });
  after(() => up[Symbol.asyncDispose]());

  it('says on one screen where everything is, the page first, and what to do next', () => {
    const { screen, urls } = up;
    const reach = `--control ${urls['control']}`;
    expect(screen.replaceAll(/:\d{4,5}\b/g, ':PORT').split('\n')).to.deep.equal([
      'page        http://127.0.0.1:PORT  (portal; send requests here)',
      'service     http://127.0.0.1:PORT',
      'stats       http://127.0.0.1:PORT -> http://127.0.0.1:PORT',
      '            calls leaderboard, player-stats',
      'control     http://127.0.0.1:PORT',
      'identities  ada  (send --as ada, or the header x-brownout-as: ada)',
      'contracts   open-game  (send judges by them)',
      'presets     offline  (send --preset offline)',
      'system      scenarios/portal/system.yaml',
      'seed        7',
      '',
      'Try in another terminal, and see below what the service asks of its upstreams:',
      `  brownout send --fault leaderboard=hang ${reach}`.replace(/:\d+$/, ':PORT'),
      `  brownout fault add leaderboard=latency:2s ${reach}`.replace(/:\d+$/, ':PORT'),
      'try: open http://127.0.0.1:PORT/ in a browser. Ctrl-C puts all back.',
      '',
      '',
    ]);
  });

  it('lets a request bring its faults along, as an identity, and shows what the service asked', async () => {
    const answer = await page(up, { baggage: 'brownout.plan=leaderboard=status:503' });
    expect(answer).to.nested.include({ 'leaderboard.error': true, 'player_stats.error': false });
    const told = await up.running.says(/stats\.leaderboard .* → 503 .* status/);
    expect(told).to.match(/stats\.player-stats .* → 200 /);
    expect(await page(up)).to.nested.include({ 'leaderboard.error': false, degraded: false });
  });

  it('refuses, as the front door, who is nobody of the system', async () => {
    const response = await ask(up, { 'x-brownout-as': 'adda' });
    expect(response.status).to.equal(502);
    expect(await response.text()).to.equal(
      'brownout\'s front door: unknown identity "adda", did you mean "ada"?\n',
    );
  });

  it('is found by the verbs of another terminal', async () => {
    expect((await up.verb('fault', 'add', 'leaderboard=status:500')).stdout).to.include(
      'on leaderboard: status code 500',
    );
    expect(await page(up)).to.nested.include({ 'leaderboard.error': true });
    expect((await up.verb('journal', '--call', 'leaderboard')).stdout).to.match(/→ 500 .* status/);
    expect((await up.verb('fault', 'clear')).stdout).to.equal('lifted 1 fault\n');
    expect((await up.verb('stop', 'stats')).code).to.equal(0);
    expect(await page(up)).to.nested.include({ 'player_stats.error': true });
    expect((await up.verb('start', 'stats')).code).to.equal(0);
  });

  it('tells at its control API what runs, and no secret', async () => {
    const about = await (await fetch(`${up.urls['control']}/v1`)).text();
    expect(JSON.parse(about)).to.deep.include({
      system: 'portal',
      page: up.urls['page'],
      service: up.urls['service'],
      identities: ['ada'],
      contracts: ['open-game'],
      plans: true,
    });
    expect(about).to.not.match(/ada-plays-fair|eyJ/);
  });
});

describe('brownout up, of a program', () => {
  it('is ended by Ctrl-C with all that it started, and keeps the journal that it was asked for', async () => {
    using at = folder(FORGETFUL);
    const up = await startUp(['--journal', 'journal.jsonl'], { cwd: at.path });
    expect(up.screen).to.include('presets     no-board  (send --preset no-board)');
    expect(await (await fetch(`${up.urls['page']}/board`)).json()).to.nested.include({
      'board.error': false,
    });
    await up[Symbol.asyncDispose]();
    expect(await up.running.finished).to.include({ code: 130, stderr: '' });
    expect(isAlive(at)).to.equal(false);
    for (const url of Object.values(up.urls)) expect(await refuses(url), url).to.equal(true);
    const lines = at.read('journal.jsonl').trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).to.include({ call: 'leaderboard', status: 200 });
  });

  it('tells that the service has died, with what it said last, and ends', async () => {
    using at = folder({
      ...FORGETFUL,
      'app.mjs': (FORGETFUL['app.mjs'] ?? '')
        .replace("'this is the end'", "'this is the end of ' + process.env.OF + '\\x1b[2J'")
        .replace("/exrps'", "/exrps?x=' + process.env.OF"),
      'system.yaml': `${FORGETFUL['system.yaml']}secrets: [OF]\n`,
    });
    const up = await startUp([], { cwd: at.path, env: { OF: 'a-long-secret' } });
    await fetch(`${up.urls['page']}/board`);
    await fetch(`${up.urls['page']}/die`).catch(() => {});
    const { code, stdout, stderr } = await up.running.finished;
    expect(stdout)
      .to.match(/ GET \/.* → 200/)
      .and.not.match(/long-secret/);
    expect(stderr).to.match(/^the service died: .* ended with code 3\nthis is the end of /);
    expect(stderr).to.not.include('a-long-secret').and.not.include('\u001b');
    expect(code).to.equal(4);
    for (const url of Object.values(up.urls)) expect(await refuses(url), url).to.equal(true);
  });

  it('says why the service did not start, with what it said last', async () => {
    using at = folder({
      ...FORGETFUL,
      'app.mjs': 'console.log("no luck, " + process.env.OF); process.exit(1);',
      'system.yaml': `${FORGETFUL['system.yaml']}secrets: [OF]\n`,
    });
    const { code, stderr } = await brownout(['up', '--port', '0', '--control', '0'], {
      cwd: at.path,
      env: { OF: 'a-long-secret' },
    });
    expect(stderr).to.match(/^error: the service did not start: .* ended with code 1\nno luck, /);
    expect(stderr).to.not.include('a-long-secret');
    expect(code).to.equal(4);
  });

  it('can be interrupted while the service is still starting', async () => {
    using at = folder({
      ...FORGETFUL,
      'app.mjs': `import { writeFileSync } from 'node:fs'; writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000);`,
    });
    const running = start(['up', '--port', '0', '--control', '0'], { cwd: at.path });
    while (!existsSync(at.file('pid')) && running.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    running.child.kill('SIGINT');
    expect(await running.finished).to.deep.include({ code: 130, stdout: '' });
    expect(isAlive(at)).to.equal(false);
  });

  for (const [option, change] of [
    ['--port', '--port'],
    ['--control', '--control host:port'],
  ] as const) {
    it(`says what to change where the port of ${option} is taken, and leaves nothing`, async () => {
      using at = folder(FORGETFUL);
      await using other = await upstream();
      const free = { '--port': '0', '--control': '0', [option]: String(other.port) };
      const { code, stderr } = await brownout(['up', ...Object.entries(free).flat()], {
        cwd: at.path,
      });
      expect(stderr).to.equal(
        `error: 127.0.0.1:${other.port} is taken by another program: choose another by ${change}\n`,
      );
      expect(code).to.equal(7);
      expect(isAlive(at)).to.equal(false);
    });
  }

  it('finds the only system below scenarios, and lists them where there are several', async () => {
    const inScenarios = Object.fromEntries(
      Object.entries(FORGETFUL).map(([name, text]) => [`scenarios/one/${name}`, text]),
    );
    const system = FORGETFUL['system.yaml'] ?? '';
    using at = folder({
      ...inScenarios,
      'scenarios/two/system.yaml': `# another\n${system}`,
      'scenarios/other.yaml': 'scenario: none\n',
    });
    const { code, stderr } = await brownout(['up'], { cwd: at.path });
    expect(stderr).to.equal(
      'error: say which system: brownout up scenarios/one/system.yaml\n  brownout up scenarios/two/system.yaml\n',
    );
    expect(code).to.equal(2);
    using said = folder({
      'one/system.yaml': system,
      'two/system.yaml': system,
      'two/outage.yaml': 'scenario: none\n',
      'brownout.yaml': 'run: [one, two/outage.yaml]\n',
    });
    expect((await brownout(['up'], { cwd: said.path })).stderr).to.equal(
      'error: say which system: brownout up one/system.yaml\n  brownout up two/system.yaml\n',
    );
    using none = folder();
    expect((await brownout(['up'], { cwd: none.path })).stderr).to.match(
      /^error: no system file was found: there is no system.yaml here, and none below scenarios; name it/,
    );
  });
});

function ask({ urls }: RunningUp, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${urls['page']}/games/v2/games/exrps`, { headers });
}

async function page(up: RunningUp, headers: Readonly<Record<string, string>> = {}) {
  return (await ask(up, { 'x-brownout-as': 'ada', ...headers })).json();
}

async function refuses(url: string): Promise<boolean> {
  return fetch(url).then(
    () => false,
    () => true,
  );
}
