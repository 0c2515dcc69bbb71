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
      'expected a number, got "5"',
    ],
    ['null', { fault: 'reset', on: 'stats', code: null }, 'expected a number, got null'],
    [
      'infinity',
      { fault: 'reset', on: 'stats', code: Infinity },
      'expected a number, got Infinity',
    ],
    ['no number', { fault: 'reset', on: 'stats', code: NaN }, 'expected a number, got NaN'],
    [
      'a function',
      { fault: 'reset', on: 'stats', code: () => 1 },
      'expected a number, got function',
    ],
    [
      'a word of no list',
      { fault: 'rest', on: 'stats' },
      'unknown value "rest", did you mean "reset"?',
    ],
    ['a number for a word', { fault: 5, on: 'stats' }, 'expected latency or reset, got 5'],
    ['a word that is missing', { on: 'stats' }, 'missing key "fault": latency or reset is needed'],
    ['a constant that is missing', { fault: 'reset' }, 'missing key "on": stats is needed'],
    [
      'an unknown key',
      { fault: 'reset', on: 'stats', cod: 5 },
      'unknown key "cod", did you mean "code"?',
    ],
    ['no value at all', undefined, 'missing: an object (fault, code, on) is needed here'],
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
      .and.to.match(/^expected a number, got "x+…$/);
  });

  it('says what each alternative would be, and goes into the one that was meant', () => {
    const schema = z.union([z.enum(['exact', 'none']), z.array(z.string()), z.boolean()]);
    const words = 'expected exact, none, a list or true or false, got';
    expect(problemsOf(schema, 5)[0]?.message).to.equal(`${words} 5`);
    expect(problemsOf(schema, 'exakt')[0]?.message).to.equal(
      `${words} "exakt", did you mean "exact"?`,
    );
    expect(problemsOf(z.strictObject({ a: schema }), { a: ['x', 5] })).to.deep.equal([
      { path: ['a', 1], message: 'expected text, got 5: put it in quotes', atKey: false },
    ]);
  });

  it('does not miss what is there under a name that is near', () => {
    const schema = z.strictObject({ upstreams: z.string(), use: z.array(z.string()).min(1) });
    expect(problemsOf(schema, { upstream: 'x', use: [] })).to.deep.equal([
      { path: ['use'], message: 'expected at least one of the items', atKey: false },
      {
        path: ['upstream'],
        message: 'unknown key "upstream", did you mean "upstreams"?',
        atKey: true,
      },
    ]);
    expect(problemsOf(schema, { other: 1 }).map(({ message }) => message)).to.deep.equal([
      'missing key "upstreams": text is needed',
      'missing key "use": a list is needed',
      'unknown key "other" (there is: upstreams, use)',
    ]);
  });

  it('says what is wrong with a key', () => {
    const name = z.string().regex(/^[a-z]+$/, 'expected a name');
    expect(problemsOf(z.record(name, z.number()), { A: 1 })).to.deep.equal([
      { path: ['A'], message: 'expected a name', atKey: true },
    ]);
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

  it('is missing by its key where there is no value', () => {
    const time = parsedBy((value): unknown => {
      if (typeof value === 'string') return value;
      const message = `expected a time such as 2s, got ${String(value)}`;
      throw new InvalidError([{ path: [], message }]);
    });
    const [problem] = problemsOf(z.strictObject({ within: time }), {});
    expect(problem?.message).to.equal('missing key "within": a time such as 2s is needed');
  });

  it('lets through an error that is not about the value', () => {
    const broken = parsedBy(() => {
      throw new TypeError('a defect');
    });
    expect(() => validate(broken, 1)).to.throw(TypeError, 'a defect');
  });
});
