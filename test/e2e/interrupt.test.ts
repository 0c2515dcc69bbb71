import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Result } from '../../src/scenario/result.ts';
import { isAlive } from '../helpers/alive.ts';
import { start, type Running } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';

const SLOW = `import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
writeFileSync('pid-' + process.pid, '');
createServer((request, response) => {
  if (request.url === '/hang') return;
  response.end('{}');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const FILES = {
  'app.mjs': SLOW,
  'system.yaml': `system: slow
service: { command: [${JSON.stringify(process.execPath)}, app.mjs], env: { PORT: "\${port}" } }
upstreams: { nothing: { target: "http://127.0.0.1:1" } }
`,
  'hang.yaml': `scenario: A request that never ends
id: hang
use: [./system.yaml]
steps: [{ stop: nothing }, { get: /hang, expect: { status: 200 } }]
`,
};

describe('an interrupted run', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`ends with 130 on ${signal}, and leaves no process, port or file behind`, async () => {
      using at = folder(FILES);
      const report = ['--reporter', 'list', '--reporter', 'json=result.json'];
      const run = start(['run', '.', ...report], { cwd: at.path });
      const pids = await untilStarted(at.path, 2, run);
      run.child.kill(signal);
      const { code } = await run.finished;
      expect(code).to.equal(130);
      expect(pids.filter(isAlive)).to.deep.equal([]);
      const left = readdirSync(at.path).filter(
        (name) => !name.startsWith('pid-') && !(name in FILES),
      );
      expect(left).to.deep.equal(['result.json']);
      const { verdict } = JSON.parse(readFileSync(at.file('result.json'), 'utf8')) as Result;
      expect(verdict).to.equal('interrupted');
    });
  }

  it('ends while its service does not get ready, and that service with it', async () => {
    using at = folder({
      ...FILES,
      'app.mjs': SLOW.replace("request.url === '/hang'", 'true'),
    });
    const run = start(['run', '.'], { cwd: at.path });
    const pids = await untilStarted(at.path, 1, run);
    run.child.kill('SIGINT');
    expect((await run.finished).code).to.equal(130);
    await untilGone(pids);
  });

  it('does not wait at a second Ctrl-C, not even for a service that ignores SIGTERM', async () => {
    using at = folder({
      ...FILES,
      'app.mjs': `process.on('SIGTERM', () => writeFileSync('asked-to-end', ''));\n${SLOW}`,
    });
    const run = start(['run', '.', '--reporter', 'json=result.json'], { cwd: at.path });
    const pids = await untilStarted(at.path, 2, run);
    run.child.kill('SIGINT');
    while (!existsSync(at.file('asked-to-end')) && run.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    run.child.kill('SIGINT');
    expect((await run.finished).code).to.equal(130);
    // The first one alone writes it, when its services have ended.
    expect(existsSync(at.file('result.json'))).to.equal(false);
    await untilGone(pids);
  });

  it('takes its services with it where it is killed outright', async () => {
    using at = folder(FILES);
    const run = start(['run', '.'], { cwd: at.path });
    const pids = await untilStarted(at.path, 2, run);
    run.child.kill('SIGKILL');
    await run.finished;
    await untilGone(pids);
  });

  it('ends the service when brownout itself crashes', async () => {
    using at = folder({
      ...FILES,
      'crash.mjs':
        'setInterval(() => { if (globalThis.crash) throw new Error("crash"); }, 10).unref(); process.on("SIGUSR2", () => { globalThis.crash = true; });',
    });
    const run = start(['run', '.'], {
      cwd: at.path,
      env: { NODE_OPTIONS: `--import=${at.file('crash.mjs')}` },
    });
    const pids = await untilStarted(at.path, 2, run);
    run.child.kill('SIGUSR2');
    expect((await run.finished).code).to.not.equal(0);
    await untilGone(pids);
  });
});

describe('a server that was interrupted', () => {
  it('frees its ports and ends with 130', async () => {
    const portal = start(['portal', '--port', '0', '--with-mock']);
    const text = await portal.says('try:');
    const ports = [...text.matchAll(/http:\/\/127\.0\.0\.1:(\d+)\n/g)].map(([, port]) =>
      Number(port),
    );
    expect(ports).to.have.lengthOf(2);
    portal.child.kill('SIGINT');
    expect((await portal.finished).code).to.equal(130);
    for (const port of ports) expect(await refuses(port)).to.equal(true);
  });
});

/** The pids of the services that have been started in the folder, when there are `count`; fails when the run ends before. */
async function untilStarted(path: string, count: number, run: Running): Promise<number[]> {
  for (;;) {
    const pids = readdirSync(path).flatMap((name) => /^pid-(\d+)$/.exec(name)?.[1] ?? []);
    if (pids.length >= count) return pids.map(Number);
    if (run.child.exitCode !== null) throw new Error((await run.finished).stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}
