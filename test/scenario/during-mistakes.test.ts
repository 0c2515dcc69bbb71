import { expect } from 'chai';
import { filesOf, load } from './run-files.ts';
import { wrong } from './scenario-text.ts';

describe('a load in a scenario file', () => {
  const during = (load: string, expected = '') => `during:\n  load: ${load}\n${expected}`;
  const mistakes: Record<string, [string, string]> = {
    'a rate without a unit': [
      during('{ rate: 200, for: 1s }'),
      's.yaml:5:17: expected a rate from 1/s to 1000/s, got 200',
    ],
    'a rate that is too high': [
      during('{ rate: 5000/s, for: 1s }'),
      's.yaml:5:17: expected a rate from 1/s to 1000/s, got "5000/s"',
    ],
    'a time that is too long': [
      during('{ rate: 1/s, for: 6m }'),
      's.yaml:5:27: expected a time of at most 5m',
    ],
    'a misspelt key': [
      during('{ rate: 1/s, for: 1s, conections: 5 }'),
      's.yaml:5:31: unknown key "conections", did you mean "connections"?',
    ],
    'a quantile that is none': [
      during('{ rate: 1/s, for: 1s }', '  expect: { p98: 1s }'),
      's.yaml:6:13: unknown key "p98", did you mean "p95"?',
    ],
    'a time that no cell has': [
      during('{ rate: 1/s, for: 3m }'),
      's.yaml:5:27: a cell may take 120s, so that this cannot end: say a longer timeout',
    ],
    'an unknown identity': [
      during('{ rate: 1/s, for: 1s, get: /x, as: bob }'),
      's.yaml:5:44: unknown identity "bob"',
    ],
    'an identity for the contract’s request': [
      during('{ rate: 1/s, for: 1s, as: bob }'),
      's.yaml:5:35: this is for a path of its own: say get, too',
    ],
    'the log, which is of all requests': [
      `${during('{ rate: 1/s, for: 1s }')}steps: [{ send: page, expect: { log: { contains: x } } }]`,
      's.yaml:6:33: log cannot be judged beside a load, whose requests do the same',
    ],
    'the calls, which are of all requests': [
      `${during('{ rate: 1/s, for: 1s }')}expect: { upstream: { board: { count: 1 } } }`,
      's.yaml:6:11: upstream cannot be judged beside a load, whose requests do the same',
    ],
  };
  for (const [what, [lines, problem]] of Object.entries(mistakes)) {
    it(`${what} is an error where it stands`, async () => {
      expect(await wrong(`${lines}\n`)).to.deep.equal([problem]);
    });
  }

  it('asks for something', async () => {
    const suite = {
      ...filesOf({
        use: ['./system.yaml'],
        faults: [{ on: 'stats.board', inject: 'reset' }],
        during: { load: { rate: '1/s', for: '1s' } },
        steps: [{ wait: '1s' }],
      }),
    };
    const error = await load(suite).catch((error: Error) => error.message);
    expect(error).to.match(/:\d+:3: nothing to send: say get, or use a contract$/);
  });
});
