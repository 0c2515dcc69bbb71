import { expect } from 'chai';
import { passes } from './judged.ts';
import { problemsOf, SYSTEM } from './run-files.ts';
import { files, HEAD, wrong } from './scenario-text.ts';
import { stringify } from 'yaml';

const presets = {
  offline: { on: 'stats', inject: 'refuse' },
  'board-gone': { on: 'stats.board', inject: { status: 503 } },
};

describe('a preset', () => {
  it('of the system or of the scenario is a fault by its name', async () => {
    const cell = await passes({ system: { presets }, scenario: { faults: ['board-gone'] } });
    expect(cell.exchanges.flatMap(({ injected }) => injected.map(({ fault }) => fault))).to.include(
      'status',
    );
    await passes({ scenario: { presets, faults: ['offline'] } });
  });

  it('comes from the matrix too, beside rules', async () => {
    const cell = await passes({
      system: { presets },
      scenario: {
        matrix: { preset: ['board-gone'], on: ['player'] },
        presets: { slow: { on: 'stats.${on}', inject: { latency: '1ms' } } },
        faults: ['${preset}', 'slow'],
        expect: { degraded: ['board'] },
      },
    });
    expect(cell.id).to.equal('lost-board[board-gone,player]');
  });

  it('is judged as the rule that it stands for', async () => {
    expect(
      await wrong('presets: { x: { on: stats.other, inject: reset } }\nfaults: [x]'),
    ).to.deep.equal([
      's.yaml:5:10: "other" is not named by the contract "page", so nothing would be judged of it: add it under the contract’s calls, or say degraded: none',
    ]);
  });

  const mistakes: Record<string, [string, string]> = {
    'a misspelt name': [
      'presets: { offline: { on: stats, inject: refuse } }\nfaults: [ofline]',
      's.yaml:5:10: unknown preset "ofline", did you mean "offline"?',
    ],
    'a name where there are none': [
      'faults: [offline]',
      's.yaml:4:10: unknown preset "offline": there are no presets',
    ],
    'a misspelt fault, though nothing uses it': [
      'presets: { offline: { on: stats, inject: refsue } }\nfaults: [{ on: stats.board, inject: reset }]',
      's.yaml:4:42: unknown fault "refsue", did you mean "refuse"?',
    ],
    'an unknown upstream': [
      'presets: { offline: { on: stat, inject: refuse } }\nfaults: [offline]',
      's.yaml:4:27: unknown upstream or call "stat", did you mean "stats"?',
    ],
    'what is no map': ['presets: [x]\nfaults: []', 's.yaml:4:1: expected an object, got ["x"]'],
  };
  for (const [what, [lines, problem]] of Object.entries(mistakes)) {
    it(`${what} is an error where it stands`, async () => {
      expect(await wrong(lines)).to.deep.equal([problem]);
    });
  }

  it('of a system is checked with it, and named once', async () => {
    const system = (more: object) => stringify({ ...SYSTEM, presets: more });
    expect(
      await problemsOf({ 'system.yaml': system({ a: { on: 'stats', inject: 'refuze' } }) }),
    ).to.deep.equal(['system.yaml:14:13: unknown fault "refuze", did you mean "refuse"?']);
    const twice = await problemsOf(
      files(`${HEAD}presets:\n  offline: { on: stats, inject: reset }\nfaults: [offline]`, {
        'system.yaml': system(presets),
      }),
    );
    expect(twice).to.deep.equal(['s.yaml:5:3: "offline" is a preset of the system already']);
  });
});
