import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Result } from '../../src/scenario/result.ts';
import { folder } from '../helpers/folder.ts';
import { root } from '../helpers/root.ts';

const CELL = ['scenarios/portal/one-call.yaml', '--id', 'open-game.one-call[leaderboard,reset]'];
const RED = ['--system', 'scenarios/portal/unprotected.yaml'];
const ADVICE = 'ENOSPC: no space left on device, write; free some space, or ';

describe('what cannot be written', () => {
  it('is exit 7 where stdout is full, and other reports are written', () => {
    using at = folder();
    const { status, stderr } = run(['run', ...CELL, '--reporter', `json=${at.file('r.json')}`]);
    expect(stderr).to.equal(`error: stdout could not be written: ${ADVICE}send stdout elsewhere\n`);
    expect(status).to.equal(7);
    const { verdict } = JSON.parse(readFileSync(at.file('r.json'), 'utf8')) as Result;
    expect(verdict).to.equal('passed');
  });

  it('is exit 7 where a report is full, and what the run found where that is worse', () => {
    for (const [more, exit] of [
      [[], 7],
      [RED, 1],
    ] as const) {
      const args = ['run', ...CELL, ...more, '--reporter', 'json=/dev/full'];
      const { status, stderr } = run(args, '/dev/null');
      expect(stderr).to.equal(
        `error: cannot write the report /dev/full: ${ADVICE}name a file elsewhere\n`,
      );
      expect(status).to.equal(exit);
    }
  });

  it('is exit 7 for help and tables too', () => {
    expect(run(['faults']).status).to.equal(7);
  });
});

/** With stdout going to a file, as a shell does it. */
function run(args: readonly string[], stdout = '/dev/full') {
  const bin = fileURLToPath(new URL('bin/brownout.js', root));
  const command = ['-c', `"$0" "$@" > ${stdout}`, process.execPath, bin, ...args];
  return spawnSync('sh', command, { cwd: root, encoding: 'utf8' });
}
