import { expect } from 'chai';
import type { JournalEntry } from '../../src/proxy/journal.ts';
import { brownout, start } from '../helpers/cli.ts';
import { folder, type Folder } from '../helpers/folder.ts';
import { FORGETFUL, startUp, type RunningUp } from './use-up.ts';

describe('brownout send, to a service that passes on nothing', () => {
  let at: Folder;
  let up: RunningUp;

  before(async () => {
    at = folder(FORGETFUL);
    up = await startUp([], { cwd: at.path });
  });
  after(async () => {
    await up[Symbol.asyncDispose]();
    at[Symbol.dispose]();
  });

  it('breaks it for everybody while it runs, says why, and lifts it', async () => {
    const { code, stdout } = await up.verb('send', '--fault', 'leaderboard=hang');
    expect(stdout.replaceAll(/\s+/g, ' ')).to.include(
      'broken for everybody while it ran: the service called stats.leaderboard without the baggage of the request that it was for',
    );
    expect(stdout).to.match(/\{ "board": \{ "data": \[\], "error": true \} \}/);
    expect(stdout).to.include("again    brownout replay 'board~leaderboard=hang'\n");
    expect(code).to.equal(0);
    expect((await up.verb('fault', 'list')).stdout).to.match(/^no faults stand/);
  });

  it('lifts what it broke for everybody when it is interrupted', async () => {
    const sending = start(['send', '/patient', '--fault', 'leaderboard=hang'], {
      cwd: at.path,
      env: { BROWNOUT_CONTROL: up.urls['control'] ?? '' },
    });
    const hung = async () => {
      const answer = await fetch(`${up.urls['control']}/v1/journal`);
      const { entries } = (await answer.json()) as { entries: JournalEntry[] };
      return entries.filter(({ injected }) => injected.length > 0).at(-1);
    };
    const before = (await hung())?.id;
    while ((await hung())?.id === before) expect(sending.child.exitCode).to.equal(null);
    sending.child.kill('SIGINT');
    expect((await sending.finished).code).to.equal(130);
    while ((await hung())?.end === 'pending') expect(up.running.child.exitCode).to.equal(null);
    // Not when the request would have been given up, after ten seconds.
    expect((await hung())?.durationMs).to.be.lessThan(9000);
    expect((await up.verb('fault', 'list')).stdout).to.match(/^no faults stand/);
    expect((await up.verb('send', '/patient')).stdout).to.match(/^200 OK/m);
  });

  it('saves what passed as a scenario that passes, with a preset by its name, from any folder', async () => {
    const there = {
      cwd: at.file('contracts'),
      env: { BROWNOUT_CONTROL: up.urls['control'] ?? '' },
    };
    const file = '../kept/no-board.yaml';
    const sent = await brownout(['send', '--preset', 'no-board', '--save', file], there);
    expect(sent.code, sent.stdout + sent.stderr).to.equal(0);
    const [text, runs] = [at.read('kept/no-board.yaml'), await brownout(['run', file], there)];
    expect(text).to.include('use:\n  - ../system.yaml\n  - ../contracts/board.yaml\n');
    expect(text).to.include('faults:\n  - no-board\n');
    expect(runs.stdout).to.include('✓ no-board ');
    expect((await up.verb('validate', 'kept')).code).to.equal(0);
    expect(runs.code, runs.stdout).to.equal(0);
  });

  it('saves what failed as a scenario that fails', async () => {
    const { runs, sent } = await saved(
      ['/bare', '--contract', 'board', '--fault', 'leaderboard=status:503'],
      'bare.yaml',
      1,
    );
    expect(sent.stdout).to.include('✗ failed: not as the contract says (board)');
    expect(sent.stdout).to.include('  expected status 200, got 500\n');
    expect(runs.code, runs.stdout).to.equal(1);
  });

  it('saves what no contract is about with the status that was seen', async () => {
    const { runs, text } = await saved(['/bare', '--fault', 'stats=refuse'], 'refused.yaml', 0);
    expect(text).to.include('    expect:\n      status: 500\n');
    expect(runs.code, runs.stdout).to.equal(0);
  });

  it('leaves a file that is there already as it is', async () => {
    const { code, stderr } = await up.verb('send', '--save', 'system.yaml');
    expect(stderr).to.equal('error: --save: system.yaml is there already: name another\n');
    expect(code).to.equal(7);
    expect(at.read('system.yaml')).to.equal(FORGETFUL['system.yaml']);
  });

  /** Sends, saves and runs it. */
  async function saved(words: readonly string[], file: string, exit: number) {
    const sent = await up.verb('send', ...words, '--save', file);
    expect(sent.code, sent.stdout + sent.stderr).to.equal(exit);
    expect(sent.stdout.endsWith(`saved    ${file}: brownout run ${file}\n`)).to.equal(true);
    return { sent, text: at.read(file), runs: await up.verb('run', file) };
  }
});
