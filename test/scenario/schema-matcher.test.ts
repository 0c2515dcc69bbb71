import { expect } from 'chai';
import { gotOf, passes } from './judged.ts';
import { problemsOf, run, type FileSet } from './run-files.ts';
import { files, HEAD, wrong } from './scenario-text.ts';

/** A right board is a list of players with their scores. */
const BOARD_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'array',
  items: { $ref: '#/$defs/player' },
  $defs: {
    player: {
      type: 'object',
      properties: { user: { type: 'string', pattern: '^\\w+$' }, score: { type: 'integer' } },
      required: ['user', 'score'],
      additionalProperties: false,
    },
  },
};
const slow = { faults: [{ on: 'stats.player', inject: { latency: '1ms' } }] };
const judging = (schema: unknown, more: FileSet = {}) => ({
  files: more,
  scenario: { ...slow, expect: { degraded: 'none', body: { '/board/data': { schema } } } },
});

describe('the matcher schema', () => {
  it('holds a JSON Schema in the scenario, or the name of a file', async () => {
    await passes(judging(BOARD_SCHEMA));
    const file = { 'schemas/board.json': JSON.stringify(BOARD_SCHEMA), 'b.yaml': BOARD_SCHEMA };
    await passes(judging('./schemas/board.json', file));
    await passes(judging('./b.yaml', file));
  });

  it('says which place breaks which rule', async () => {
    const { cell } = await run({
      files: { 'board.json': JSON.stringify(BOARD_SCHEMA) },
      service: async () => ({
        body: {
          board: {
            data: [
              { user: 'ada', score: 'x' },
              { user: 'eve', more: 1 },
            ],
          },
        },
      }),
      scenario: {
        use: ['./system.yaml'],
        faults: [{ on: 'stats', inject: 'refuse' }],
        steps: [{ get: '/x', expect: { body: { '/board/data': { schema: './board.json' } } } }],
      },
    });
    expect(cell.verdict).to.equal('failed');
    expect(gotOf(cell)).to.deep.equal([
      {
        pointer: '/board/data/0/score',
        expected: 'must be integer (#/$defs/player/properties/score/type)',
        got: 'x',
      },
      {
        pointer: '/board/data/1',
        expected: "must have required property 'score' (#/$defs/player/required)",
        got: { user: 'eve', more: 1 },
      },
      {
        pointer: '/board/data/1',
        expected:
          'must NOT have additional properties: "more" (#/$defs/player/additionalProperties)',
        got: { user: 'eve', more: 1 },
      },
    ]);
    expect(cell.failures[0]?.at).to.match(/scenario\.yaml:\d+:\d+$/);
  });

  it('stands beside other matchers, and takes values of the matrix', async () => {
    const { result } = await run({
      scenario: {
        matrix: { type: ['array', 'object'] },
        ...slow,
        expect: {
          degraded: 'none',
          body: { '/board/data': { length: 2, schema: { type: '${type}' } } },
        },
      },
    });
    expect(result.cells.map(({ verdict }) => verdict)).to.deep.equal(['passed', 'failed']);
  });

  it('judges headers too', async () => {
    const service = async () => ({ body: {}, headers: { 'X-Count': '12' } });
    const scenario = (pattern: string) => ({
      use: ['./system.yaml'],
      faults: [{ on: 'stats', inject: 'refuse' }],
      steps: [{ get: '/', expect: { headers: { 'X-Count': { schema: { pattern } } } } }],
    });
    const { cell } = await run({ service, scenario: scenario('^[a-z]+$') });
    expect(gotOf(cell)).to.deep.equal([
      {
        pointer: 'header x-count',
        expected: 'must match pattern "^[a-z]+$" (#/pattern)',
        got: '12',
      },
    ]);
  });

  it('is found from the file that names it, a fragment too', async () => {
    const { cell } = await run({
      service: async () => ({ body: [] }),
      files: {
        'parts/list.yaml': {
          fragment: 'list',
          steps: [{ get: '/', expect: { body: { '': { schema: './list.json' } } } }],
        },
        'parts/list.json': '{"type": "array", "minItems": 1}',
      },
      scenario: {
        use: ['./system.yaml'],
        faults: [{ on: 'stats', inject: 'refuse' }],
        steps: [{ use: './parts/list.yaml' }],
      },
    });
    expect(gotOf(cell)[0]?.expected).to.equal('must NOT have fewer than 1 items (#/minItems)');
  });

  const at = (schema: string) => `expect:\n  body:\n    /a: { schema: ${schema} }`;
  const mistakes: Record<string, [string, string]> = {
    'a rule that is none': [
      at('{ type: strnig }'),
      's.yaml:6:27: not a JSON Schema: must be equal to one of the allowed values: ["array",',
    ],
    'a misspelt keyword': [
      at('{ type: object, properties: { a: { requird: [b] } } }'),
      's.yaml:6:54: unknown keyword "requird", did you mean "required"?',
    ],
    'a reference that leads nowhere': [
      at('{ $ref: "#/$defs/x" }'),
      "s.yaml:6:11: not a JSON Schema: can't resolve reference #/$defs/x",
    ],
    'an older draft': [
      at('{ $schema: "http://json-schema.org/draft-04/schema#" }'),
      's.yaml:6:30: expected a JSON Schema of draft 2020-12',
    ],
    'what is no schema': [
      at('[1]'),
      's.yaml:6:11: expected a JSON Schema, or the file that holds it',
    ],
    'a file that is not there': [at('./x.json'), 's.yaml:6:19: no such file: '],
  };
  for (const [what, [lines, problem]] of Object.entries(mistakes)) {
    it(`${what} is an error where it stands`, async () => {
      const [first = '', ...others] = await wrong(lines);
      expect(others).to.deep.equal([]);
      expect(first.slice(0, problem.length)).to.equal(problem);
    });
  }

  it('a mistake in a file of its own is shown there', async () => {
    const found = (text: string) =>
      problemsOf(files(HEAD + at('./x.json'), { 'x.json': text }), ['s.yaml']);
    expect(await found('{\n  "type": "strnig"\n}')).to.have.length(1);
    expect((await found('{\n  "type": "strnig"\n}'))[0]).to.match(
      /^x\.json:2:11: not a JSON Schema/,
    );
    expect((await found('{"type": '))[0]).to.match(/^x\.json:1:\d+: /);
  });
});
