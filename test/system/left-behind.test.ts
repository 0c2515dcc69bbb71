import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { isAlive } from '../helpers/alive.ts';
import { folder, type Folder } from '../helpers/folder.ts';
import { openSystem } from '../../src/system/open.ts';
import type { SystemSpec } from '../../src/system/spec.ts';
import { until } from './wait.ts';

/** A service that starts another program, which leaves its group and its pipes, as daemons do. */
const PARENT = `
const { spawn } = require('node:child_process');
const { createServer } = require('node:http');
const child = spawn(process.execPath, ['daemon.cjs'], { stdio: 'ignore', detached: true });
child.unref();
if (process.argv[2] === 'foreground') createServer((request, response) => response.end()).listen(Number(process.env.PORT), '127.0.0.1');
`;
const DAEMON = `
require('node:fs').writeFileSync('pid-' + process.pid, '');
if (process.env.DEAF) process.on('SIGTERM', () => {});
setInterval(() => {}, 1000);
`;

describe('what a program under test leaves behind', () => {
  const specOf = (at: Folder, how: string, env: Record<string, string> = {}): SystemSpec => ({
    system: 'x',
    directory: at.path,
    identities: {},
    upstreams: {},
    secrets: [],
    service: {
      start: { command: [process.execPath, 'parent.cjs', how] },
      cwd: undefined,
      env: { PORT: '${port}', ...env },
      ready: { get: '/', within: 20_000 },
      stateless: false,
    },
  });
  const daemonOf = (at: Folder) =>
    readdirSync(at.path).flatMap((name) => /^pid-(\d+)$/.exec(name)?.[1] ?? [])[0];

  for (const [kind, env] of Object.entries({ '': {}, ' that ignores SIGTERM': { DEAF: '1' } })) {
    it(`ends with it, a daemon${kind} too`, async () => {
      using at = folder({ 'parent.cjs': PARENT, 'daemon.cjs': DAEMON });
      const system = await openSystem(specOf(at, 'foreground', env), 'seed');
      await system.start('run', new AbortController().signal);
      await until(() => daemonOf(at) !== undefined);
      expect(isAlive(Number(daemonOf(at)))).to.equal(true);
      await system[Symbol.asyncDispose]();
      await until(() => !isAlive(Number(daemonOf(at))));
    });
  }

  it('is told where the program itself went into the background', async () => {
    using at = folder({ 'parent.cjs': PARENT, 'daemon.cjs': DAEMON });
    await using system = await openSystem(specOf(at, 'background'), 'seed');
    const error = await system.start('run', new AbortController().signal).then(
      () => expect.fail('it started'),
      (thrown: Error) => thrown,
    );
    expect(error.message).to.match(/ended with code 0 \(it is to stay in the foreground\)/);
  });
});
