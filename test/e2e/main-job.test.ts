import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Result } from '../../src/scenario/result.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import type { Step } from '../../src/scenario/step.ts';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';

const TWIN = 'scenarios/portal/unprotected.yaml';
/** For all cells, on a machine that has other things to do. */
const PATIENCE_MS = 300_000;

describe('the main job', () => {
  it('passes on the portal, every cell of it', async () => {
    const { code, stdout, stderr } = await brownout([
      'run',
      'scenarios/portal',
      '--reporter',
      'json',
    ]);
    expect(stderr).to.equal('');
    const result = JSON.parse(stdout) as Result;
    expect(result.cells.filter(({ verdict }) => verdict !== 'passed')).to.deep.equal([]);
    expect(result.counts.passed).to.equal(loadSuite(['scenarios/portal']).cells.length);
    expect(code).to.equal(0);
  }).timeout(PATIENCE_MS);

  // All of its cells are run by .ci/check-twin.js.
  it('fails on the twin, each smoke cell with a broken call, and is broken or inconclusive nowhere', async () => {
    const chosen = ['run', 'scenarios/portal', '--tag', 'smoke', '--system', TWIN];
    const { code, stdout } = await brownout([...chosen, '--reporter', 'json']);
    const { cells, counts } = JSON.parse(stdout) as Result;
    expect(code).to.equal(1);
    expect([counts.broken, counts.inconclusive]).to.deep.equal([0, 0]);
    const mayPass = loadSuite(['scenarios/portal'], { system: TWIN })
      .cells.filter(({ steps }) => steps.every(breaksNothing))
      .map(({ id }) => id);
    const passed = cells.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id);
    expect(passed.filter((id) => !mayPass.includes(id))).to.deep.equal([]);
    expect(counts.failed).to.be.greaterThan(20);
  }).timeout(PATIENCE_MS);

  it('tells a newcomer what each kind of fault did to the twin', async () => {
    const of = async (fault: string) => {
      const id = `open-game.one-call[leaderboard,${fault}]`;
      return (await brownout(['run', 'scenarios/portal', '--system', TWIN, '--id', id])).stdout;
    };
    expect(await of('status:503;body:[]')).to.include('expected leaderboard.error true, got false');
    expect(await of('reset'))
      .to.include('expected status 200, got 500')
      .and.to.include('→ reset');
    expect(await of('hang')).to.include('expected status 200, got no answer within 2400ms');
    expect(await of('latency:2s')).to.match(/expected time at most 1\.2s, got 2\.\d+s/);
  });

  it('writes several reports at once', async () => {
    using out = folder();
    const args = [
      '--reporter',
      `json=${out.file('r.json')}`,
      '--reporter',
      `junit=${out.file('sub/r.xml')}`,
    ];
    const { code, stdout } = await brownout([
      'run',
      'scenarios/portal',
      '--tag',
      'breaker',
      ...args,
    ]);
    expect(code).to.equal(0);
    expect(stdout).to.include('✓ open-game.breaker[leaderboard]');
    expect((JSON.parse(readFileSync(out.file('r.json'), 'utf8')) as Result).version).to.equal(1);
    expect(readFileSync(out.file('sub/r.xml'), 'utf8')).to.include('<testsuite ');
  });

  it('repeats one cell by the command that it printed', async () => {
    const { stdout } = await brownout([
      'run',
      'scenarios/portal',
      '--tag',
      'breaker',
      '--reporter',
      'json',
    ]);
    const [cell] = (JSON.parse(stdout) as Result).cells;
    const words = [...(cell?.replay ?? '').matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? word ?? '',
    );
    const again = await brownout([...words.slice(1), '--reporter', 'json']);
    const cells = (JSON.parse(again.stdout) as Result).cells;
    expect(cells.map(({ id }) => id)).to.deep.equal([cell?.id]);
    expect((JSON.parse(again.stdout) as Result).seed).to.equal((JSON.parse(stdout) as Result).seed);
  });
});

/** A service that survives nothing may pass it, too. */
function breaksNothing({ sends }: Step): boolean {
  return ['none', 'either'].includes(String(sends?.expect['degraded']));
}
