import { expect } from 'chai';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Result } from '../../src/scenario/result.ts';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';

/** It is wrong where there is a file named `wrong`. */
const APP = `import { createServer } from 'node:http';
import { existsSync } from 'node:fs';
createServer(async (request, response) => {
  await fetch(process.env.STATS).catch(() => undefined);
  response.statusCode = request.url !== '/' && existsSync('wrong') ? 500 : 200;
  response.end('{}');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const SYSTEM = `system: small
service: { command: [${JSON.stringify(process.execPath)}, app.mjs], env: { PORT: "\${port}", STATS: "\${upstream.stats.url}" } }
upstreams: { stats: { target: "http://127.0.0.1:1" } }
secrets: [NOTHING]
`;

const scenario = (id: string, more = '') => `scenario: The page of ${id} stands
id: ${id}
${more}use: [./system.yaml]
matrix: { n: [1, 2] }
faults: [{ on: stats, inject: { status: 503 } }]
steps: [{ get: "/\${n}", expect: { status: 200 } }]
`;

const FILES = {
  'app.mjs': APP,
  'things/system.yaml': SYSTEM.replace('app.mjs', '../app.mjs'),
  'things/a.yaml': scenario('a'),
  'things/b.yaml': scenario('b', 'tags: [slow]\n'),
  'brownout.yaml': 'run: [things]\n',
};

describe('brownout run --plan', () => {
  it('says what would run, by file, and starts nothing', async () => {
    using at = folder({ ...FILES, 'app.mjs': 'throw new Error("started")' });
    const { code, stdout, stderr } = await brownout(['run', '--plan', '--tag', '!slow'], {
      cwd: at.path,
    });
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.equal(`things/a.yaml
  a[1]
  a[2]

2 cells of 1 file would run: 2 by instance
`);
  });

  it('is JSON for programs, secrets left out', async () => {
    using at = folder({ ...FILES, 'things/b.yaml': scenario('b', 'tags: [s3cret-tag]\n') });
    const args = ['run', '--plan', '--shard', '1/2', '--reporter', 'json'];
    const { stdout } = await brownout(args, { cwd: at.path, env: { NOTHING: 's3cret-tag' } });
    const plan = JSON.parse(stdout) as { cells: { id: string }[]; shard: object };
    expect(plan).to.deep.include({ version: 1, shard: { index: 1, total: 2 }, leftOut: 0 });
    expect(plan.cells).to.have.length(2);
    expect(stdout).to.not.include('s3cret');
    const wrong = await brownout(['run', '--plan', '--reporter', 'junit'], { cwd: at.path });
    expect(wrong.stderr).to.include('--plan is shown by --reporter list or json');
    expect(wrong.code).to.equal(2);
  });
});

describe('brownout.yaml', () => {
  it('says which folders a bare run and a bare validate take', async () => {
    using at = folder(FILES);
    const { code, stdout } = await brownout(['validate'], { cwd: at.path });
    expect([code, stdout]).to.deep.equal([0, '3 files are valid: 2 scenarios, 4 cells\n']);
  });

  it('is told of with its position where it is wrong', async () => {
    using at = folder({ ...FILES, 'brownout.yaml': 'run:\n  - things\n  - thing\n' });
    const { code, stderr } = await brownout(['run', '--plan'], { cwd: at.path });
    expect(stderr).to.equal('brownout.yaml:3:5: no such file or folder: thing\n');
    expect(code).to.equal(3);
  });

  it('may be left out: then there must be a folder named scenarios', async () => {
    using at = folder();
    const { code, stderr } = await brownout(['run'], { cwd: at.path });
    expect(stderr).to.equal(
      'error: there is no folder "scenarios" here: name files or folders (. is this one), or say "run: [folder]" in brownout.yaml\n',
    );
    expect(code).to.equal(2);
  });
});

describe('brownout run', () => {
  it('puts reports into a folder, keeps there what did not pass, and runs that again', async () => {
    using at = folder({ ...FILES, 'things/wrong': '' });
    const output = ['--output', 'out', '--reporter', 'junit', '--reporter', 'json'];
    const args = ['run', ...output, '--id', 'a[1]', '--id', 'b[2]', '--retries', '1'];
    const red = await brownout(args, { cwd: at.path });
    expect(red.code, red.stderr).to.equal(1);
    expect(red.stdout).to.include('✗ a[1]');
    expect(readdirSync(at.file('out')).toSorted()).to.deep.equal([
      'json.json',
      'junit.xml',
      'last-run.json',
    ]);
    const { cells } = JSON.parse(at.read('out/json.json')) as Result;
    expect(cells.map(({ id, earlier }) => [id, earlier?.length])).to.deep.equal([
      ['a[1]', 1],
      ['b[2]', 1],
    ]);
    rmSync(at.file('things/wrong'));
    const well = await brownout(['run', '--no-faults', '--output', 'out'], { cwd: at.path });
    expect(well.stdout).to.include('4 skipped');
    const again = await brownout(['run', '--last-failed', '--output', 'out', '--plan'], {
      cwd: at.path,
    });
    // A run that broke nothing has repeated none of it.
    expect(again.stdout).to.include('2 cells of 2 files would run');
  });

  it('keeps what did not pass in .brownout, which git leaves alone; nothing where all passed', async () => {
    using at = folder(FILES);
    const green = await brownout(['run', '--grep', 'a[1]'], { cwd: at.path });
    expect(green.code, green.stdout).to.equal(0);
    expect(existsSync(at.file('.brownout'))).to.equal(false);
    writeFileSync(at.file('things/wrong'), '');
    const red = await brownout(['run', 'things/b.yaml:1', '--bail'], { cwd: at.path });
    expect(red.code).to.equal(1);
    expect(at.read('.brownout/.gitignore')).to.equal('*\n');
    const kept = JSON.parse(readFileSync(at.file('.brownout/last-run.json'), 'utf8')) as {
      failed: { id: string; verdict: string }[];
    };
    expect(kept.failed).to.deep.include({ id: 'b[1]', file: 'things/b.yaml', verdict: 'failed' });
    const none = await brownout(['run', '--last-failed', '--grep', 'a['], { cwd: at.path });
    expect(none.stderr).to.include('among the 2 selected');
    expect(none.code).to.equal(5);
  });
});
