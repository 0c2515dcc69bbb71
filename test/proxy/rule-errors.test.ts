import { expect } from 'chai';
import { InvalidError } from '../../src/common/errors.ts';
import { GET, withRig, type Rig } from './rig.ts';

/** The problems that adding these rules gives, as `path: message`. */
async function problemsOf({ control }: Rig, ...rules: unknown[]): Promise<string[]> {
  const error: unknown = await control.add(rules).catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidError)) throw new Error(`not refused: ${JSON.stringify(rules)}`);
  expect(await control.rules()).to.deep.equal([]);
  return error.problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('a rule that is wrong', () => {
  const on = 'leaderboard';
  const cases: readonly [string, unknown, readonly (string | RegExp)[]][] = [
    ['names no upstream', { on: 'leaderbord', inject: 'reset' }, [/^0\.on: .*"leaderboard"\?$/]],
    [
      'has no fault',
      { on },
      ['0.inject: missing key "inject": a fault such as reset or { status: 503 } is needed'],
    ],
    ['has an empty list', { on, inject: [] }, ['0.inject: expected at least one fault']],
    [
      'has an unknown fault',
      { on, inject: 'rest' },
      [/^0\.inject: unknown fault "rest", did you mean "reset"\?$/],
    ],
    [
      'has an unknown key',
      { on, inject: 'reset', triger: {} },
      [/^0\.triger: .*did you mean "trigger"\?$/],
    ],
    [
      'has a bare number as a duration',
      { on, inject: { latency: 5 } },
      [/^0\.inject\.latency: .*no unit/],
    ],
    [
      'has a parameter of another fault',
      { on, inject: { status: 503, after: '1B' } },
      [/^0\.inject\.after: status has no parameter/],
    ],
    [
      'has two problems in a list',
      { on, inject: [{ status: 1 }, { fault: 'hang', fr: '1s' }] },
      [/^0\.inject\.0\.status: /, /^0\.inject\.1\.fr: .*"for"\?$/],
    ],
    ['names a call and a match', { on, match: 'GET /', inject: 'reset' }, [/^0\.match: /]],
    [
      'has no method in its match',
      { on: 'stats', match: '/a', inject: 'reset' },
      [/^0\.match: expected a method and a path/],
    ],
    [
      'has an impossible pattern',
      { on: 'stats', match: { path: '/a/:' }, inject: 'reset' },
      [/^0\.match\.path: .*no path pattern/],
    ],
    [
      'has an unknown trigger',
      { on, inject: 'reset', trigger: { frst: 1 } },
      [/^0\.trigger\.frst: .*"first"\?$/],
    ],
    [
      'refuses a call',
      { on, inject: 'refuse' },
      [/^0\.inject: refuse at accept .*reset or close with at: request.*on: stats/],
    ],
    [
      'resets a call at accept',
      { on, inject: { reset: 'accept' } },
      [/^0\.inject: reset at accept .*at: request/],
    ],
    [
      'hangs a match at accept',
      { on: 'stats', match: 'GET /', inject: ['empty', { hang: 'accept' }] },
      [/^0\.inject\.1: hang at accept/],
    ],
    ['is no object', 'reset', [/^0: expected an object/]],
  ];
  for (const [what, rule, expected] of cases) {
    it(`says where and why when it ${what}`, () =>
      withRig({}, async (rig) => {
        const problems = await problemsOf(rig, rule);
        expect(problems).to.have.length(expected.length);
        for (const [i, text] of expected.entries()) expect(problems[i]).to.match(new RegExp(text));
      }));
  }

  it('keeps its fellows from being added', () =>
    withRig({}, async (rig) => {
      const good = { on: 'stats', inject: 'refuse' };
      const problems = await problemsOf(rig, good, { on: 'leaderboard', inject: 'rest' }, good);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(/^1\.inject: /);
      const client = rig.connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
    }));
});
