import { expect } from 'chai';
import { startUp, type RunningUp } from './use-up.ts';

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

  it('waits until a breaker has closed that it opened itself', async () => {
    for (let i = 0; i < 5; i++) {
      const { code, stdout } = await up.verb('send', '--fault', 'leaderboard=status:500');
      expect(stdout).to.include('  leaderboard.error: false → true\n');
      expect(code, stdout).to.equal(0);
    }
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
    const words = ['POST', '/token/', '--reporter', 'json', '--data', body];
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
