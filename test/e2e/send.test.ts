import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { brownout, type Finished } from '../helpers/cli.ts';
import { folder, type Folder } from '../helpers/folder.ts';
import { startProxy, upstream } from './use-proxy.ts';
import { FORGETFUL, startUp, type RunningUp } from './use-up.ts';

describe('brownout send, to a service that passes on whose request it works for', () => {
  let up: RunningUp;

  before(async () => {
    up = await startUp(['scenarios/portal']);
  });
  after(() => up[Symbol.asyncDispose]());

  it('shows what a player sees when only the leaderboard fails, and what repeats it', async () => {
    const { code, stdout, stderr } = await up.verb('send', '--fault', 'leaderboard=status:503');
    const lines = stdout.split('\n');
    expect(lines.slice(0, 4)).to.deep.equal([
      'GET /games/v2/games/exrps as ada, with leaderboard=status:503',
      'broken for this request alone, by its baggage',
      '',
      lines[3],
    ]);
    expect(lines[3]).to.match(/^200 OK {2}\d/);
    expect(stdout).to.include('\n  "leaderboard": {\n    "data": [],\n    "error": true,');
    expect(stdout).to.match(/\n\nwhat differs from when all is well \(200 in \d+ms\)\n/);
    expect(stdout).to.include('\n  leaderboard.error: false → true\n');
    expect(stdout).to.match(/\n {2}stats\.leaderboard {3}GET \S+ → 503 {2}\d+ms\n/);
    expect(stdout).to.include('    injected status (request, after 0ms)\n');
    expect(lines.slice(-4)).to.deep.equal([
      '✓ passed: as the contract says (open-game)',
      `request  curl -i -H 'x-brownout-as: ada' -H 'baggage: brownout.plan=leaderboard=status:503' ${up.urls['page']}/games/v2/games/exrps`,
      "again    brownout replay 'open-game~leaderboard=status:503' --system scenarios/portal/system.yaml",
      '',
    ]);
    expect(lines.slice(0, -3).filter((line) => line.length > 80)).to.deep.equal([]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
  });

  it('leaves no fault behind, and nothing of a request that nobody broke', async () => {
    const { code, stdout } = await up.verb('send');
    expect(stdout).to.include('with nothing broken for it');
    expect(stdout).to.include('✓ passed: as the contract says (open-game)');
    expect(stdout).to.not.include('differs');
    expect(code).to.equal(0);
    expect((await up.verb('fault', 'list')).stdout).to.match(/^no faults stand/);
  });

  it('sends what is repeated by an exchange of the journal', async () => {
    await up.verb('send', '--fault', 'player-stats=reset');
    const { stdout } = await up.verb('journal', '--json', '--call', 'player-stats');
    const entries = stdout.trim().split('\n');
    const { id } = JSON.parse(entries.at(-1) ?? '') as { id: number };
    const again = await up.verb('replay', String(id));
    expect(again.stdout).to.match(
      /^GET \/games\/v2\/games\/exrps as ada, with player-stats=reset\n/,
    );
    expect(again.stdout).to.include('  player_stats.error: false → true\n');
    expect(again.code).to.equal(0);
    const none = await up.verb('replay', '99999');
    expect(none.stderr).to.match(/^error: there is no exchange 99999 in the journal; the last one/);
    expect(none.code).to.equal(2);
  });

  it('says which calls were seen where a fault never fired, and ends with 5', async () => {
    const { code, stdout } = await up.verb(
      'send',
      '/games/v1/games/',
      '--fault',
      'stats=status:500',
    );
    expect(stdout).to.include('never fired: status on stats; the service made no call');
    expect(code).to.equal(5);
  });

  it('breaks connections for everybody while it runs, and says so', async () => {
    const { code, stdout } = await up.verb('send', '--preset', 'offline');
    expect(stdout).to.match(/^broken for everybody while it ran: it acts on connections/m);
    expect(stdout).to.include('  stats  a connection → no end yet  injected refuse');
    expect(stdout).to.include('again    brownout send --preset offline\n');
    expect(code).to.equal(0);
  });

  it('tells of faults that stand for everybody, and judges by what was healthy before', async () => {
    await up.verb('fault', 'add', 'leaderboard=status:500');
    const { code, stdout } = await up.verb('send');
    await up.verb('fault', 'clear');
    expect(stdout).to.match(/^and for everybody: r\d+ on leaderboard: status code 500$/m);
    expect(stdout).to.include('  leaderboard.error: false → true\n');
    expect(stdout).to.include('✓ passed');
    expect(code).to.equal(0);
  });

  it('says what it is told in JSON, and redacts what is secret', async () => {
    const body = '{"email": "ada@example.test", "password": "ada-plays-fair"}';
    const words = ['POST', '/token/', '--reporter', 'json', '--json', body];
    const { stdout } = await up.verb('send', ...words);
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect(told).to.deep.include({ version: 1, verdict: null, exit: 0, exchanges: [] });
    expect(told['answer']).to.deep.include({ method: 'POST', path: '/token/', status: 200 });
    expect(stdout).to.not.match(/eyJ|ada-plays-fair/);
  });

  const MISTAKES: readonly (readonly [string[], string])[] = [
    [
      ['--fault', 'leaderbord=hang', '--as', 'adda', '--preset', 'ofline'],
      '"leaderbord=hang": unknown upstream or call "leaderbord", did you mean "leaderboard"?\nunknown preset "ofline", did you mean "offline"?\nunknown identity "adda", did you mean "ada"?',
    ],
    [['--fault', 'offline'], '"offline" is a preset: did you mean --preset offline?'],
    [['--contract', 'open-gane'], 'unknown contract "open-gane", did you mean "open-game"?'],
    [
      ['leaderboard=hang'],
      'expected a request such as "GET /games", got "leaderboard=hang"; did you mean --fault leaderboard=hang?',
    ],
    [['GET', 'games/v1'], 'expected a request such as "GET /games", got "GET games/v1"'],
    [['--header', 'x'], '--header: expected "name: value", got "x"'],
    [['--reporter', 'junit'], '--reporter: expected list or json, got "junit"'],
  ];
  for (const [words, message] of MISTAKES) {
    it(`says what is wrong with ${words.join(' ')}`, async () => {
      const { code, stdout, stderr } = await up.verb('send', ...words);
      expect(stderr).to.equal(`error: ${message}\n`);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    });
  }
});

describe('brownout send, to a service that passes on nothing', () => {
  let at: Folder;
  let up: RunningUp;

  before(async () => {
    at = folder(FORGETFUL);
    up = await startUp([], { cwd: at.path });
  });
  after(async () => {
    await up[Symbol.asyncDispose]();
    at[Symbol.dispose]();
  });

  it('breaks it for everybody while it runs, says why, and lifts it', async () => {
    const { code, stdout } = await up.verb('send', '--fault', 'leaderboard=hang');
    expect(stdout.replaceAll(/\s+/g, ' ')).to.include(
      'broken for everybody while it ran: the service called stats.leaderboard without the baggage of the request that it was for',
    );
    expect(stdout).to.match(/\{ "board": \{ "data": \[\], "error": true \} \}/);
    expect(stdout).to.include("again    brownout replay 'board~leaderboard=hang'\n");
    expect(code).to.equal(0);
    expect((await up.verb('fault', 'list')).stdout).to.match(/^no faults stand/);
  });

  it('saves what passed as a scenario that passes, with a preset by its name', async () => {
    const { runs, text } = await saved(['--preset', 'no-board'], 'kept/no-board.yaml', 0);
    expect(text).to.include('use:\n  - ../system.yaml\n  - ../contracts/board.yaml\n');
    expect(text).to.include('faults:\n  - no-board\n');
    expect(runs.stdout).to.include('✓ no-board ');
    expect(runs.code, runs.stdout).to.equal(0);
  });

  it('saves what failed as a scenario that fails', async () => {
    const { runs, sent } = await saved(
      ['/bare', '--contract', 'board', '--fault', 'leaderboard=status:503'],
      'bare.yaml',
      1,
    );
    expect(sent.stdout).to.include('✗ failed: not as the contract says (board)');
    expect(sent.stdout).to.include('  expected status 200, got 500\n');
    expect(runs.code, runs.stdout).to.equal(1);
  });

  it('saves what no contract is about with the status that was seen', async () => {
    const { runs, text } = await saved(['/bare', '--fault', 'stats=refuse'], 'refused.yaml', 0);
    expect(text).to.include('    expect:\n      status: 500\n');
    expect(runs.code, runs.stdout).to.equal(0);
  });

  it('leaves a file that is there already as it is', async () => {
    const { code, stderr } = await up.verb('send', '--save', 'system.yaml');
    expect(stderr).to.equal('error: --save: system.yaml is there already: name another\n');
    expect(code).to.equal(7);
    expect(at.read('system.yaml')).to.equal(FORGETFUL['system.yaml']);
  });

  /** Sends, saves and runs it. */
  async function saved(words: readonly string[], file: string, exit: number) {
    const sent = await up.verb('send', ...words, '--save', file);
    expect(sent.code, sent.stdout + sent.stderr).to.equal(exit);
    expect(sent.stdout.endsWith(`saved    ${file}: brownout run ${file}\n`)).to.equal(true);
    const checked = await up.verb('validate', file);
    expect(checked.stdout, checked.stderr).to.match(/ valid: 1 scenarios, 1 cells\n$/);
    return { sent, text: at.read(file), runs: await up.verb('run', file) };
  }
});

describe('brownout send, with nothing up', () => {
  it('starts the system for the request, and ends it', async () => {
    using at = folder(FORGETFUL);
    await using other = await upstream();
    await using proxy = await startProxy(['--upstream', `api=${other.url}`]);
    const { code, stdout, stderr } = await brownout(['send', '--fault', 'leaderboard=reset'], {
      cwd: at.path,
      env: { BROWNOUT_CONTROL: proxy.urls['control'] ?? '' },
    });
    expect(stderr).to.equal(
      `${proxy.urls['control']} runs no service, as "brownout up" would: starting one for this\n`,
    );
    expect(stdout).to.include('on a service that was started for it');
    expect(stdout).to.include('✓ passed: as the contract says (board)');
    expect(code).to.equal(0);
    expect(isAlive(at)).to.equal(false);
  });

  it('is broken where the service is not well before any fault', async () => {
    using at = folder({
      ...FORGETFUL,
      'contracts/board.yaml': `${FORGETFUL['contracts/board.yaml']}overall: { flag: /degraded }\n`,
    });
    const { code, stdout } = await send(at, ['--system', 'system.yaml', '--fault', 'stats=hang']);
    expect(stdout).to.include('! broken: nothing is proved (board)');
    expect(stdout).to.include('  it was not well before anything was broken\n');
    expect(stdout).to.include('  expected degraded false, got nothing\n');
    expect(code).to.equal(4);
    expect(isAlive(at)).to.equal(false);
  });

  it('says where it was told to find it, and did not', async () => {
    using at = folder(FORGETFUL);
    const { code, stderr } = await brownout(['send', '--control', '1'], { cwd: at.path });
    expect(stderr).to.match(/^error: no control API of brownout answers at http:\/\/127.0.0.1:1: /);
    expect(code).to.equal(7);
  });
});

describe('brownout replay', () => {
  const SYSTEM = ['--system', 'scenarios/portal/system.yaml', '--seed', '3'];

  it('repeats an execution by its address, to the verdict', async () => {
    const address = 'open-game~leaderboard=malformed-json+player-stats=status:503';
    const { code, stdout } = await brownout(['replay', address, ...SYSTEM]);
    expect(stdout).to.include(`✓ ${address}\n`);
    expect(stdout).to.match(/stats\.leaderboard .*→ 200 .*\n {4}injected malformed-json/);
    expect(stdout).to.include('\n1 passed\n');
    expect(code).to.equal(0);
  });

  it('says by which command it is repeated once more, where it failed', async () => {
    const system = ['--system', 'scenarios/portal/unprotected.yaml', '--seed', '3'];
    const address = 'open-game~leaderboard=status:500';
    const { code, stdout } = await brownout(['replay', address, ...system]);
    expect(stdout).to.include('expected status 200, got 500');
    expect(stdout).to.include(
      "again    brownout replay 'open-game~leaderboard=status:500' --system scenarios/portal/unprotected.yaml --seed 3\n",
    );
    expect(code).to.equal(1);
  });

  const MISTAKES: readonly (readonly [string, string])[] = [
    [
      'open-gam~leaderbord=hang+player-stats=hng',
      'unknown contract "open-gam", did you mean "open-game"?\n"leaderbord=hang": unknown upstream or call "leaderbord", did you mean "leaderboard"?\n"player-stats=hng": unknown fault "hng", did you mean "hang"?',
    ],
    [
      'leaderboard=hang',
      'expected a contract~faults such as open-game~leaderboard=hang, did you mean "open-game~leaderboard=hang"?',
    ],
    [
      'open-game~leaderboard=status:99',
      '"leaderboard=status:99": status code: expected a whole number from 200 to 599, got 99',
    ],
  ];
  for (const [address, message] of MISTAKES) {
    it(`says what is wrong with ${address}`, async () => {
      const { code, stderr } = await brownout(['replay', address, ...SYSTEM]);
      expect(stderr).to.equal(`error: ${message}\n`);
      expect(code).to.equal(2);
    });
  }
});

function send(at: Folder, words: readonly string[]): Promise<Finished> {
  return brownout(['send', ...words], { cwd: at.path });
}

function isAlive(at: Folder): boolean {
  const pid = at.read('pid');
  return (
    existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  );
}
