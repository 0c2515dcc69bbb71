import { expect } from 'chai';
import { problemsOf } from '../run-files.ts';
import { CONTRACT_MISTAKES } from './contract.ts';
import { FILES, type Kind, type Mistake } from './files.ts';
import { SCENARIO_MISTAKES } from './scenario.ts';
import { SYSTEM_MISTAKES } from './system.ts';
import { YAML_MISTAKES } from './yaml.ts';

describe('a newcomer', () => {
  it('may write these files', async () => {
    expect(await problemsOf(FILES)).to.deep.equal([]);
  });

  const tables: [Kind, Readonly<Record<string, Mistake>>][] = [
    ['system', YAML_MISTAKES],
    ['system', SYSTEM_MISTAKES],
    ['contract', CONTRACT_MISTAKES],
    ['scenario', SCENARIO_MISTAKES],
  ];
  for (const [usual, mistakes] of tables) {
    for (const [what, [from, to, said, kind = usual]] of Object.entries(mistakes)) {
      it(`is told where it is, and what to do, who writes ${what} in a ${kind}`, async () => {
        const name = `${kind}.yaml` as const;
        const text = FILES[name].replace(from, () => to);
        expect(text).to.not.equal(FILES[name]);
        const problems = typeof said === 'string' ? [said] : said;
        const found = await problemsOf({ ...FILES, [name]: text });
        expect(found.map((one) => one.replace(FOLDER, '').replace(MANY_KEYS, '(…)'))).to.deep.equal(
          problems.map((problem) => `${name}:${problem}`),
        );
      });
    }
  }
});

/** Of the files, as it is seen from where the tests run. */
const FOLDER = /\S*brownout-test-[^/]+\//;
/** What an object may hold grows. */
const MANY_KEYS = /\((\w[\w-]*, ){4,}[^)]*\)/;
