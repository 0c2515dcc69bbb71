import { expect } from 'chai';
import { z } from 'zod';
import { InvalidError, type Problem } from '../../src/common/errors.ts';
import { parsedBy, validate } from '../../src/common/validate.ts';

function problemsOf(schema: z.ZodType, value: unknown): readonly Problem[] {
  try {
    validate(schema, value);
  } catch (error) {
    if (error instanceof InvalidError) return error.problems;
    throw error;
  }
  return [];
}

describe('validation', () => {
  const rule = z.strictObject({
    fault: z.enum(['latency', 'reset']),
    code: z.number().optional(),
    on: z.literal('stats'),
  });

  it('returns what the schema makes of the value', () => {
    const schema = z.strictObject({ n: z.number().default(5) });
    expect(validate(schema, {})).to.deep.equal({ n: 5 });
  });

  const mistakes: readonly (readonly [string, unknown, string])[] = [
    [
      'a value of another type',
      { fault: 'reset', on: 'stats', code: '5' },
      'expected number, got "5"',
    ],
    ['null', { fault: 'reset', on: 'stats', code: null }, 'expected number, got null'],
    ['infinity', { fault: 'reset', on: 'stats', code: Infinity }, 'expected number, got Infinity'],
    ['no number', { fault: 'reset', on: 'stats', code: NaN }, 'expected number, got NaN'],
    ['a function', { fault: 'reset', on: 'stats', code: () => 1 }, 'expected number, got function'],
    [
      'a word of no list',
      { fault: 'rest', on: 'stats' },
      'unknown value "rest", did you mean "reset"?',
    ],
    ['a number for a word', { fault: 5, on: 'stats' }, 'expected latency or reset, got 5'],
    ['a word that is missing', { on: 'stats' }, 'missing: latency or reset is needed here'],
    ['a constant that is missing', { fault: 'reset' }, 'missing: stats is needed here'],
    [
      'an unknown key',
      { fault: 'reset', on: 'stats', cod: 5 },
      'unknown key "cod", did you mean "code"?',
    ],
    ['no value at all', undefined, 'missing: a value of type object is needed here'],
  ];
  for (const [title, value, message] of mistakes) {
    it(`says what is wrong with ${title}`, () => {
      expect(problemsOf(rule, value).map((problem) => problem.message)).to.deep.equal([message]);
    });
  }

  it('leads to every problem, not only the first', () => {
    const schema = z.strictObject({ rules: z.array(rule) });
    const value = { rules: [{ fault: 'reset', on: 'x', a: 1, b: 2 }, 'no'], more: 1 };
    expect(problemsOf(schema, value).map(({ path, atKey }) => ({ path, atKey }))).to.deep.equal([
      { path: ['rules', 0, 'on'], atKey: false },
      { path: ['rules', 0, 'a'], atKey: true },
      { path: ['rules', 0, 'b'], atKey: true },
      { path: ['rules', 1], atKey: false },
      { path: ['more'], atKey: true },
    ]);
  });

  it('says an unknown key of a record of unknown size without a list', () => {
    const [problem] = problemsOf(z.record(z.enum(['a']), z.number()), { a: 1, b: 2 });
    expect(problem).to.include({ message: 'unknown key "b"', atKey: true });
  });

  it('quotes no more than the beginning of a long value', () => {
    const [problem] = problemsOf(z.number(), 'x'.repeat(100_000));
    expect(problem?.message)
      .to.have.length.below(200)
      .and.to.match(/^expected number, got "x+…$/);
  });

  it('keeps the words of a schema that has its own', () => {
    const schema = z.string().regex(/^a/, 'expected a word with a');
    expect(problemsOf(schema, 'b')[0]?.message).to.equal('expected a word with a');
  });
});

describe('a part of a schema that is parsed by a function', () => {
  const even = parsedBy((value) => {
    if (typeof value === 'number' && value % 2 === 0) return value / 2;
    throw new InvalidError([
      { path: ['deep', 0], message: 'not even' },
      { path: [], message: 'odd', atKey: true },
    ]);
  });

  it('gives what the function makes of the value', () => {
    expect(validate(z.array(even), [2, 4])).to.deep.equal([1, 2]);
  });

  it('has its problems below its own path', () => {
    const schema = z.strictObject({ list: z.array(even) });
    expect(problemsOf(schema, { list: [2, 3] })).to.deep.equal([
      { path: ['list', 1, 'deep', 0], message: 'not even', atKey: false },
      { path: ['list', 1], message: 'odd', atKey: true },
    ]);
  });

  it('lets through an error that is not about the value', () => {
    const broken = parsedBy(() => {
      throw new TypeError('a defect');
    });
    expect(() => validate(broken, 1)).to.throw(TypeError, 'a defect');
  });
});
