import { expect } from 'chai';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { CONTRACT, problemsOf, SCENARIO, SYSTEM } from './run-files.ts';
import { files, HEAD, wrong } from './scenario-text.ts';

describe('any text', () => {
  const anyFile = async (text: string) => {
    await problemsOf(files(text));
    await problemsOf(files(HEAD, { 'contract.yaml': text }));
    await problemsOf({ 'system.yaml': text });
  };

  it('either loads or is an error of the file', () =>
    fc.assert(fc.asyncProperty(fc.string(), anyFile), { numRuns: 100 }));

  it('that is YAML either loads or is an error of the file', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), (value) => anyFile(JSON.stringify(value))),
      { numRuns: 100 },
    ));

  const words = (
    'scenario id use matrix exclude include faults on inject expect steps send get wait repeat trigger match body ' +
    'degraded upstream contract system service calls part flag budget never upstreams __proto__ constructor ' +
    'toString ${constructor} ${x} x '
  ).split(' ');
  const scalar = fc.oneof(
    fc.constantFrom(...words, '1s', '/a', 'stats', 'stats.board', 'reset', 'page', './system.yaml'),
    fc.constantFrom(null, true, 0, -1, 1.5, Infinity, NaN, -0),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words), tie('any'), { maxKeys: 5 }),
    ),
  })).any;

  for (const [kind, base] of Object.entries({
    'system.yaml': SYSTEM,
    'contract.yaml': CONTRACT,
    's.yaml': SCENARIO,
  })) {
    it(`of our own words in ${kind} either loads or is an error of the file`, () =>
      fc.assert(
        fc.asyncProperty(fc.dictionary(fc.constantFrom(...words), value), async (changed) => {
          await problemsOf(files(HEAD, { [kind]: stringify({ ...base, ...changed }) }));
        }),
        { numRuns: 200 },
      ));
  }

  it('that is nested deeply is an error of the file', async () => {
    const deep = 20_000;
    const [first] = await wrong(`tags: ${'['.repeat(deep)}${']'.repeat(deep)}`);
    expect(first).to.match(/^s\.yaml:/);
  });
});
