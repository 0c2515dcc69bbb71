import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAlive } from '../helpers/alive.ts';
import { root } from '../helpers/root.ts';
import { until } from './wait.ts';

/** Guards a program, loses the shell that guards it, and guards another; tells their ids and goes on. */
const RUNNER = `
import { once } from 'node:events';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const processes = createRequire('file:///')('node:child_process');
const { spawn } = processes;
const started = [];
processes.spawn = (...given) => {
  started.push(spawn(...given));
  return started.at(-1);
};
syncBuiltinESMExports();
const { guardGroup } = await import('${new URL('dist/src/system/watchdog.js', root).href}');

const program = () => spawn('sleep', ['600'], { stdio: 'ignore', detached: true }).pid;
const programs = [program(), program()];
guardGroup(programs[0]);
const [shell] = started;
shell.kill('SIGKILL');
await once(shell, 'exit');
guardGroup(programs[1]);
process.stdout.write(JSON.stringify(programs));
setInterval(() => {}, 1000);
`;

describe('the shell that guards programs', () => {
  it('ends all of them with their runner, also where it was killed itself meanwhile', async () => {
    const runner = spawn(process.execPath, ['--input-type=module', '-e', RUNNER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [told] = (await once(runner.stdout, 'data')) as [Buffer];
    const programs = JSON.parse(told.toString()) as number[];
    expect(programs.map(isAlive)).to.deep.equal([true, true]);
    runner.kill('SIGKILL');
    await until(() => !programs.some(isAlive));
  });
});
