import { expect } from 'chai';
import { rmSync, writeFileSync } from 'node:fs';
import { start, type Running } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';

const APP = `import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';
// A service that writes where it stands must not make itself run again.
appendFileSync('service.log', 'started');
createServer(async (request, response) => {
  await fetch(process.env.STATS).catch(() => undefined);
  response.end('{}');
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

const scenario = (id: string, status: number) => `scenario: The page of ${id} stands
id: ${id}
use: [./system.yaml]
faults: [{ on: stats, inject: { status: 503 } }]
steps: [{ get: /, expect: { status: ${status} } }]
`;

const FILES = {
  'app.mjs': APP,
  'system.yaml': `system: small
service: { command: [${JSON.stringify(process.execPath)}, app.mjs], env: { PORT: "\${port}", STATS: "\${upstream.stats.url}" } }
upstreams: { stats: { target: "http://127.0.0.1:1" } }
`,
  'a.yaml': scenario('a', 200),
  'b.yaml': scenario('b', 200),
};

describe('brownout run --watch', () => {
  it('runs again what a changed file affects, waits out what is wrong, and ends with 130', async () => {
    using at = folder(FILES);
    const run = start(['run', '.', '--watch', '--reporter', 'junit=r.xml'], { cwd: at.path });
    const told = listener(run);
    await told('2 passed', 'waiting for files to change');
    writeFileSync(at.file('b.yaml'), scenario('b', 201));
    await told('b.yaml changed: 1 to run again', '✗ b', '1 failed', 'waiting for files to change');
    writeFileSync(at.file('b.yaml'), scenario('b', 200).replace('steps', 'stesp'));
    await told('b.yaml:5:1: unknown key "stesp", did you mean "steps"?', 'waiting for files');
    writeFileSync(at.file('b.yaml'), scenario('b', 200));
    await told('b.yaml changed: 1 to run again', '1 passed', 'waiting for files to change');
    writeFileSync(at.file('app.mjs'), `${APP}\n// changed\n`);
    await told('app.mjs changed: 2 to run again', '2 passed', 'waiting for files to change');
    rmSync(at.file('a.yaml'));
    await told('a.yaml changed: ', 'waiting for files to change');
    run.child.kill('SIGINT');
    const { code, stdout } = await run.finished;
    expect(code).to.equal(130);
    // Neither the log of the service nor the report has made it run again.
    expect(stdout.match(/^\d cells? /gm)?.length).to.be.within(4, 5);
  });
});

/** Waits until all of the texts have been written since the last wait: of two streams, in any order. */
function listener({ child, finished }: Running) {
  let all = '';
  let from = 0;
  const look = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (text: string) => {
      all += text;
      for (const one of look) one();
    });
  }
  return (...texts: string[]) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        const ends = texts.map((text) => ({ start: all.indexOf(text, from), text }));
        if (ends.some(({ start }) => start < 0)) return;
        from = Math.max(...ends.map(({ start, text }) => start + text.length));
        look.delete(check);
        resolve();
      };
      look.add(check);
      check();
      void finished.then(() => reject(new Error(`it ended without ${texts.join(', ')}:\n${all}`)));
    });
}
