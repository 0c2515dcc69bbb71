import { expect } from 'chai';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { setMaxListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSystem } from '../../src/system/open.ts';
import type { SystemSpec } from '../../src/system/spec.ts';
import { isAlive } from '../helpers/alive.ts';
import { ask, specIn, startFailing } from './command-rig.ts';
import { read, until } from './wait.ts';

const NEVER = new AbortController().signal;

describe('a program under test', () => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'brownout-test-')));
    mkdirSync(join(folder, 'app'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const specOf = (body: string, service: Partial<SystemSpec['service']> = {}): SystemSpec =>
    specIn(folder, body, service);

  it('is told its port, a secret and where its upstreams are', async () => {
    const start = { command: [process.execPath, 'main.cjs', 'p=${port}'] };
    const env = {
      PORT: '${port}',
      SECRET: '${secret}',
      STATS: '${upstream.stats.url}',
      TWO: '${port}-${port}',
    };
    await using system = await openSystem(specOf('', { start, env }), 'seed');
    await using one = await system.start('one', NEVER);
    await using two = await system.start('two', NEVER);
    const [first, second] = [await ask(one), await ask(two)];
    const port = new URL(one.url).port;
    expect(first.args).to.deep.equal([`p=${port}`]);
    expect(first.env['TWO']).to.equal(`${port}-${port}`);
    expect(first.env['PATH']).to.equal(process.env['PATH']);
    expect(first.env['STATS']).to.equal(one.values['upstream.stats.url']);
    expect(first.cwd).to.equal(join(folder, 'app'));
    expect(first.env['SECRET']).to.match(/^[0-9a-f]{64}$/);
    // What differs from one instance to the next, and what must not.
    expect(second.env['SECRET']).to.equal(first.env['SECRET']);
    expect(second.env['STATS']).not.to.equal(first.env['STATS']);
    expect(two.url).not.to.equal(one.url);
    expect(one.died).to.equal(undefined);
  });

  it('has ended when its instance is disposed, and is not said to have died', async () => {
    await using system = await openSystem(specOf(''), 'seed');
    const instance = await system.start('run', NEVER);
    const { pid } = await ask(instance);
    await instance[Symbol.asyncDispose]();
    expect(isAlive(pid)).to.equal(false);
    expect(instance.died).to.equal(undefined);
  });

  it('has ended when its system is disposed', async () => {
    const system = await openSystem(specOf(''), 'seed');
    const { pid } = await ask(await system.start('run', NEVER));
    await system[Symbol.asyncDispose]();
    expect(isAlive(pid)).to.equal(false);
  });

  it('may be there many times at once without a warning', async () => {
    await using system = await openSystem(specOf(''), 'seed');
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const all = await Promise.all(
      Array.from({ length: 14 }, (_, i) => system.start(`run${i}`, signal)),
    );
    expect(new Set(all.map(({ url }) => url)).size).to.equal(14);
    expect(process.listenerCount('exit')).to.be.below(10);
  });

  it('is ready when it answers 2xx, and not before', async () => {
    const ready = `
      let asked = 0;
      const create = http.createServer;
      http.createServer = (handle) => create((request, response) => {
        if (request.url === '/health' && ++asked < 3) return response.writeHead(asked === 1 ? 503 : 302, { location: '/' }).end();
        process.env.ASKED = asked;
        handle(request, response);
      });`;
    await using system = await openSystem(
      specOf(ready, { ready: { get: '/health', within: 10_000 } }),
      'seed',
    );
    await using instance = await system.start('run', NEVER);
    expect((await ask(instance)).env['ASKED']).to.equal('3');
  });

  it('that is not ready in time is broken, with its last lines, and has ended', async () => {
    const error = await startFailing(
      specOf(
        `for (let i = 0; i < 20; i++) console.log('line ' + i);
         process.stderr.write('pid ' + process.pid);
         setInterval(() => {}, 1000);
         http.createServer = () => ({ listen() {} });`,
        { ready: { get: '/health', within: 600 } },
      ),
    );
    expect(error.code).to.equal('not_ready');
    const [first, ...lines] = error.message.split('\n');
    expect(first).to.match(
      /^the service did not start: http:\/\/127\.0\.0\.1:\d+\/health did not answer 2xx within 600ms \(the last time: ECONNREFUSED\)$/,
    );
    expect(lines[0]).to.match(
      /^It has to listen on the port that it is given: say PORT: "\$\{port\}"/,
    );
    expect(lines).to.have.length(11);
    expect(lines.join()).to.contain('line 19');
    const pid = Number(/pid (\d+)/.exec(error.message)?.[1]);
    expect(isAlive(pid)).to.equal(false);
  });

  it('that answers elsewhere is told to say where', async () => {
    const error = await startFailing(
      specOf(
        `const { createServer } = http;
         http.createServer = () => createServer((_, response) => response.writeHead(404).end());`,
        { ready: { get: '/', within: 600 } },
      ),
    );
    expect(error.message.split('\n').slice(0, 2).join(' ')).to.match(
      /\(the last time: status 404\) Say under service\.ready what it answers 2xx to, such as /,
    );
  });

  it('that exits at once is broken, with what it said last', async () => {
    const error = await startFailing(
      specOf(`process.stderr.write('no database'); process.exitCode = 7; return;`),
    );
    expect(error.message).to.match(
      /^the service did not start: \S+ \(in \S+app\) ended with code 7\nno database$/,
    );
  });

  it('is interrupted while it starts, and has ended', async () => {
    const stop = new AbortController();
    const spec =
      specOf(`require('node:fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000);
      http.createServer = () => ({ listen() {} });`);
    const path = join(folder, 'app', 'pid');
    const failing = startFailing(spec, stop);
    await until(() => read(path) !== '');
    stop.abort();
    expect((await failing).name).to.equal('AbortError');
    expect(isAlive(Number(read(path)))).to.equal(false);
  });

  it('that ignores SIGTERM is killed', async () => {
    await using system = await openSystem(specOf(`process.on('SIGTERM', () => {});`), 'seed');
    const instance = await system.start('run', NEVER);
    const { pid } = await ask(instance);
    await instance[Symbol.asyncDispose]();
    expect(isAlive(pid)).to.equal(false);
  });

  it('takes all that it started with it', async () => {
    const child = `
      const { spawn } = require('node:child_process');
      const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
      process.env.CHILD = spawn(process.execPath, ['-e', script], { stdio: 'inherit' }).pid;`;
    await using system = await openSystem(specOf(child), 'seed');
    const instance = await system.start('run', NEVER);
    const grandchild = Number((await ask(instance)).env['CHILD']);
    expect(isAlive(grandchild)).to.equal(true);
    await instance[Symbol.asyncDispose]();
    await until(() => !isAlive(grandchild));
  });

  it('that dies says so, with its last words', async () => {
    await using system = await openSystem(specOf(''), 'seed');
    await using instance = await system.start('run', NEVER);
    await ask(instance, '/die').catch(() => undefined);
    await until(() => instance.died !== undefined);
    expect(instance.died).to.match(/ended with code 3$/);
    await until(() => instance.log.lines.includes('now'));
    expect(instance.log.lines.slice(-2)).to.deep.equal(['going down', 'now']);
  });
});
