import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { CHECKS } from '../../src/doctor/catalogue.ts';
import type { Examined } from '../../src/doctor/examine.ts';
import { pagesFiles } from '../doctor/pages.ts';
import { brownout, start, type Finished } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';
import { root } from '../helpers/root.ts';

interface Report {
  readonly version: number;
  readonly exit: number;
  readonly isolation?: string;
  readonly checks: readonly Examined[];
}

describe('brownout doctor', () => {
  it('proves on this machine what a fault is, a line each within 80 columns', async () => {
    const { code, stdout, stderr } = await brownout(['doctor']);
    expect([code, stderr], stdout).to.deep.equal([0, '']);
    for (const { name } of CHECKS.filter(({ needs }) => needs === 'machine'))
      expect(stdout).to.match(new RegExp(`^  ${name} +(holds|not needed) +\\S`, 'm'));
    expect(stdout).to.match(/ refuse +holds +ECONNREFUSED after [\d.]+ ms; RST on what was open/);
    expect(stdout).to.match(/\n\nAll that is needed holds\.\nTo look at a service, too: .+\n$/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
    expect(stdout).to.not.include('\u001b');
  });

  it('says the same in colour', async () => {
    const { stdout } = await brownout(['doctor', '--color']);
    expect(stdout).to.include('\u001b[32mholds\u001b[39m');
  });

  it('says the same as JSON', async () => {
    const finished = await brownout(['doctor', '--json']);
    const { version, exit, checks } = reportOf(finished);
    expect({ version, exit }).to.deep.equal({ version: 1, exit: finished.code });
    expect(checks.map(({ name }) => name)).to.include.members(['refuse', 'reset', 'close', 'hang']);
    for (const one of checks) {
      expect(one).to.include.keys('needs', 'proves', 'verdict', 'seen', 'durationMs');
    }
  });

  it('ends with 4 where something does not hold, and says what to do', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { code, stdout } = await brownout(['doctor'], { env });
    expect(code).to.equal(4);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).to.include(
      'needed: a certificate of the run is taken by who trusts its authority',
    );
    expect(text).to.include('-> NODE_TLS_REJECT_UNAUTHORIZED=0 makes every program of Node');
    expect(text).to.include(' What does not hold: tls. ');
  });

  it('ends with 2 for a wrong flag, with a suggestion', async () => {
    const { code, stderr } = await brownout(['doctor', '--jsn']);
    expect(stderr).to.include('--json');
    expect(code).to.equal(2);
  });
});

describe('brownout doctor with a system file', () => {
  it('looks at the portal with its contract, and says how cells can be kept apart', async () => {
    const { code, stdout } = await brownout(['doctor', 'scenarios/portal/system.yaml']);
    expect(code, stdout).to.equal(0);
    expect(stdout).to.include('\nThe service of scenarios/portal/system.yaml\n');
    expect(stdout).to.match(/^ {2}starts +holds +ready in [\d.]+ ms, ada logged in; gone in/m);
    expect(stdout).to.match(/^ {2}calls +holds +open-game: .*leaderboard ×3/m);
    expect(stdout).to.match(/^ {2}propagates +holds +baggage on 6 of 6 calls/m);
    expect(stdout).to.match(/\nIsolation: an instance for each cell/);
    expect(stdout).to.match(/\n\nAll that is needed holds\.\n$/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('ends with 4 where the portal, which has a breaker, is said to be stateless', async () => {
    const shipped = readFileSync(new URL('scenarios/portal/system.yaml', root), 'utf8');
    using at = folder({
      'system.yaml': shipped.replace('  ready:', '  stateless: true\n  ready:'),
      'contract.yaml': readFileSync(
        new URL('scenarios/portal/contracts/open-game.yaml', root),
        'utf8',
      ),
      'package.json': '{}',
      'broken.yaml': '- {',
    });
    const finished = await brownout(['doctor', 'system.yaml', '--json'], { cwd: at.path });
    const { exit, isolation, checks } = reportOf(finished);
    expect([finished.code, exit]).to.deep.equal([4, 4]);
    expect(isolation).to.include('keeps something between requests');
    const isolated = checks.find(({ name }) => name === 'isolated');
    expect(isolated).to.include({ needs: 'service', verdict: 'fails' });
    expect(isolated?.seen).to.match(/^open-game: .*the answer to another run differs at \//);
  });

  it('ends with 4 where the service does not start, and shows what it said last', async () => {
    using at = folder(pagesFiles('dies'));
    const { code, stdout } = await brownout(['doctor', 'system.yaml'], {
      cwd: at.path,
      env: { LICENCE: 's3cret-licence' },
    });
    expect(code).to.equal(4);
    expect(stdout).to.include('the service did not start');
    expect(stdout).to.include('no licence for [redacted]').and.not.include('s3cret');
    expect(stdout).to.match(/\nWhat does not hold: starts\.\n$/);
  });

  it('ends with 5 where the service calls nothing, and where there is nothing to ask', async () => {
    using idle = folder(pagesFiles('idle', { contract: false }));
    const asked = ['doctor', '.', '--request', 'GET /'];
    const silent = await brownout(asked, { cwd: idle.path });
    expect([silent.code, silent.stdout.includes('GET /: no call')]).to.deep.equal([5, true]);
    const unasked = await brownout(['doctor', 'system.yaml'], { cwd: idle.path });
    expect(unasked.code).to.equal(5);
    expect(unasked.stdout).to.include('say --request "GET /path"');
    expect(unasked.stdout).to.match(/\nWhat could not be proved: healthy, calls, .+\.\n$/);
  });

  it('ends with 3 for a file that is invalid, before anything is started', async () => {
    using at = folder({ 'system.yaml': 'system: x\nservcie: {}\nupstreams: {}\n' });
    const wrong = await brownout(['doctor', 'system.yaml'], { cwd: at.path });
    expect([wrong.code, wrong.stdout]).to.deep.equal([3, '']);
    expect(wrong.stderr).to.include(
      'system.yaml:2:1: unknown key "servcie", did you mean "service"?',
    );
    const missing = await brownout(['doctor', 'nowhere.yaml'], { cwd: at.path });
    expect([missing.code, missing.stderr.includes('no such file')]).to.deep.equal([3, true]);
    using beside = folder({
      ...pagesFiles(''),
      'contracts/page.yaml': 'contract: page\nrequest: { gte: / }\ncalls: {}\n',
    });
    const contract = await brownout(['doctor', 'system.yaml'], { cwd: beside.path });
    expect(contract.code).to.equal(3);
    expect(contract.stderr).to.include('contracts/page.yaml:2:12: unknown key "gte"');
  });

  it('ends with 2 for a request that is none, or that nobody is to be asked', async () => {
    const none = await brownout(['doctor', 'scenarios/portal/system.yaml', '--request', 'games']);
    expect([none.code, none.stderr]).to.deep.equal([
      2,
      'error: --request: expected a method and a path such as "GET /games", got "games"\n',
    ]);
    const nobody = await brownout(['doctor', '--request', 'GET /games']);
    expect([nobody.code, nobody.stderr.includes('name its system file')]).to.deep.equal([2, true]);
  });

  it('ends with 130 when it is interrupted, and leaves no process behind', async () => {
    using at = folder({
      'app.mjs': `import { writeFileSync } from 'node:fs';
writeFileSync('pid', String(process.pid));
setInterval(() => {}, 1000);
`,
      'system.yaml': `system: slow
service: { command: [${JSON.stringify(process.execPath)}, app.mjs, "\${port}"] }
upstreams: {}
`,
    });
    const running = start(['doctor', 'system.yaml'], { cwd: at.path });
    while (!existsSync(at.file('pid')) || at.read('pid') === '') {
      if (running.child.exitCode !== null) throw new Error((await running.finished).stderr);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect([code, stdout, stderr]).to.deep.equal([130, '', '']);
    expect(() => process.kill(Number(at.read('pid')), 0)).to.throw(/ESRCH/);
  });
});

function reportOf({ stdout }: Finished): Report {
  return JSON.parse(stdout) as Report;
}
