import { expect } from 'chai';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSystem } from '../../src/system/open.ts';
import type { SystemSpec } from '../../src/system/spec.ts';
import { ask, specIn, startFailing } from './command-rig.ts';

const NEVER = new AbortController().signal;

describe('a program that is started', () => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'brownout-test-')));
    mkdirSync(join(folder, 'app'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const specOf = (body: string, service: Partial<SystemSpec['service']> = {}): SystemSpec =>
    specIn(folder, body, service);

  it('that cannot be found, or whose folder is not there, is broken', async () => {
    const start = { command: ['no-such-program-here'] };
    const missing = await startFailing(specOf('', { start }));
    expect(missing.message).to.match(
      /no-such-program-here .*could not be started: no such program/,
    );
    const nowhere = await startFailing(specOf('', { cwd: 'nowhere' }));
    expect(nowhere.message).to.contain('nowhere) could not be started: there is no such folder');
    const file = await startFailing(specOf('', { cwd: 'app/main.cjs' }));
    expect(file.message).to.match(/main\.cjs\) could not be started: .*ENOTDIR/);
    writeFileSync(join(folder, 'app', 'plain.sh'), 'exit 0');
    const plain = await startFailing(specOf('', { start: { command: ['./plain.sh'] } }));
    expect(plain.message).to.contain(
      'it cannot be executed (EACCES): make it so by chmod +x ./plain.sh',
    );
  });

  it('may listen at ::1 alone, and be run in a folder by its whole path', async () => {
    const listen = `
      const { Server } = require('node:net');
      const listen = Server.prototype.listen;
      Server.prototype.listen = function (port) { return listen.call(this, port, '::1'); };`;
    const spec = specOf(listen, { cwd: join(folder, 'app') });
    await using system = await openSystem({ ...spec, directory: '/nowhere' }, 'seed');
    await using instance = await system.start('run', NEVER);
    expect(instance.url).to.match(/^http:\/\/\[::1\]:\d+$/);
    expect((await ask(instance)).cwd).to.equal(join(folder, 'app'));
  });
});
