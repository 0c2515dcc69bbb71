import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brownout, start } from '../helpers/cli.ts';
import { folder, type Folder } from '../helpers/folder.ts';
import { root } from '../helpers/root.ts';

const shipped = (name: string) => readFileSync(new URL(`scenarios/portal/${name}`, root), 'utf8');

/** A folder with the shipped system and contract, and one scenario. */
function scenarioFolder(scenario: string, changes: Readonly<Record<string, string>> = {}): Folder {
  return folder({
    'system.yaml': shipped('system.yaml'),
    'contract.yaml': shipped('contracts/open-game.yaml'),
    'scenario.yaml': `scenario: A test\nid: a-test\nuse: [./system.yaml, ./contract.yaml]\n${scenario}`,
    ...changes,
  });
}

describe('the exit code', () => {
  it('is 5 for a fault on a call that is never made, and the calls that were seen are listed', async () => {
    using at = scenarioFolder(
      'faults: [{ on: stats, match: GET /nowhere, inject: reset }]\nexpect: { degraded: none }\n',
    );
    const { code, stdout } = await brownout(['run', '.'], { cwd: at.path });
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).to.include('never fired: reset on stats; calls that were seen: ');
    expect(text).to.match(/leaderboard ×1, player-stats ×1|player-stats ×1, leaderboard ×1/);
    expect(code).to.equal(5);
  });

  it('is 3 for refuse on one call, with what to use instead', async () => {
    using at = scenarioFolder('faults: [{ on: stats.leaderboard, inject: refuse }]\n');
    const { code, stdout, stderr } = await brownout(['run', '.'], { cwd: at.path });
    expect(stderr).to.match(/scenario\.yaml:4:\d+: refuse .*use reset or close with at: request/);
    expect([code, stdout]).to.deep.equal([3, '']);
  });

  it('is 4 for a baseline that does not hold before any fault', async () => {
    const contract = shipped('contracts/open-game.yaml').replace('exrps', 'no-such-game');
    using at = scenarioFolder('faults: [{ on: stats, inject: reset }]\n', {
      'contract.yaml': contract,
    });
    const { code, stdout } = await brownout(['run', '.'], { cwd: at.path });
    expect(stdout).to.include('the baseline did not hold before any fault').and.to.include('404');
    expect(code).to.equal(4);
  });

  it('is 3 for a misspelt key, with its position and a suggestion', async () => {
    using at = scenarioFolder('fautls: [{ on: stats, inject: reset }]\n');
    const { code, stderr } = await brownout(['run', '.'], { cwd: at.path });
    expect(stderr).to.include('scenario.yaml:4:1: unknown key "fautls", did you mean "faults"?');
    expect(code).to.equal(3);
  });

  it('is 2 for a wrong flag, with a suggestion', async () => {
    const { code, stderr } = await brownout(['run', '--repoter', 'json']);
    expect(stderr).to.include("unknown option '--repoter'").and.to.include('--reporter');
    expect(code).to.equal(2);
  });

  it('is 2 for an unknown command, reporter or port', async () => {
    for (const args of [
      ['rnu'],
      ['run', 'scenarios/portal', '--reporter', 'jsn'],
      ['mock', '--port', '99999'],
    ]) {
      const { code, stderr } = await brownout(args);
      expect([args[0], code]).to.deep.equal([args[0], 2]);
      expect(stderr).to.not.equal('');
    }
  });

  it('is 2 for a wrong PORT, which is named', async () => {
    for (const command of ['mock', 'portal']) {
      const { code, stderr } = await brownout([command], { env: { PORT: 'abc' } });
      expect([code, stderr]).to.deep.equal([
        2,
        'error: PORT: expected a port from 0 to 65535, got "abc"\n',
      ]);
    }
  });

  it('is 2 for a control API that others could reach without a token', async () => {
    const args = ['proxy', '--upstream', 'x=http://127.0.0.1:1', '--control', '0.0.0.0:0'];
    const { code, stderr } = await brownout(args);
    expect(stderr).to.include('needs a token (--token or BROWNOUT_TOKEN)');
    expect(code).to.equal(2);
    const bad = await brownout([...args, '--token', 'two words']);
    expect([bad.code, bad.stderr]).to.deep.equal([
      2,
      'error: the token of the control API must be visible ASCII without white space\n',
    ]);
  });

  it('is 2 for a flag that names nothing, with an example of that very flag', async () => {
    for (const [flag, example] of [
      ['--upstream', 'stats=http://127.0.0.1:5000'],
      ['--listen', 'stats=127.0.0.1:5001'],
      ['--protocol', 'stats=tcp'],
    ] as const) {
      const { code, stderr } = await brownout(['proxy', flag, 'Stats']);
      expect(stderr).to.include(`expected name=value, such as ${example}; a name is of a-z`);
      expect(code).to.equal(2);
    }
  });

  it('is 5 where nothing is selected or nothing is there to test', async () => {
    const unselected = await brownout(['run', 'scenarios/portal', '--tag', 'smoek']);
    expect(unselected.stderr).to.include('none of the').and.to.include('smoke');
    expect(unselected.code).to.equal(5);
    using empty = folder();
    expect((await brownout(['run', '.'], { cwd: empty.path })).code).to.equal(5);
  });

  it('is 7 where a port is taken or a report cannot be written', async () => {
    const mock = start(['mock', '--port', '0']);
    const port = /:(\d+)/.exec(await mock.says('try:'))?.[1] ?? '';
    const taken = await brownout(['mock', '--port', port]);
    mock.child.kill('SIGINT');
    await mock.finished;
    expect(taken.stderr).to.include(`127.0.0.1:${port} is taken`);
    expect(taken.code).to.equal(7);
    const here = fileURLToPath(new URL('README.md', root));
    const args = ['run', 'scenarios/portal', '--tag', 'v1', '--reporter', `json=${here}/r.json`];
    expect((await brownout(args)).code).to.equal(7);
  });

  it('is 7, with what to do, or that of broken, where this machine lets too few files be open', () => {
    const limited = 'ulimit -n 50; exec "$0" "$@"';
    const bin = fileURLToPath(new URL('bin/brownout.js', root));
    const run = spawnSync('sh', ['-c', limited, process.execPath, bin, 'run', 'scenarios/portal'], {
      cwd: root,
      encoding: 'utf8',
    });
    // Which file is one too many differs by Node's version: one of ours, or a connection of the service's.
    if (run.status === 7) {
      expect(run.stderr).to.include('raise the limit, as by "ulimit -n 4096"');
      expect(run.stdout).to.equal('');
    } else {
      expect(run.status).to.equal(4);
      expect(run.stdout).to.include('broken, exit 4: ');
    }
  });
});
