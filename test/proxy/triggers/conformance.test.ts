import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { InvalidError } from '../../../src/common/errors.ts';
import { TRIGGERS } from '../../../src/proxy/catalogue.ts';
import { parseTrigger, triggerSchema } from '../../../src/proxy/trigger-spec.ts';

const COUNTS = [0, 1, 2, 50, -1, 0.3, 1.5, '2', null, {}, [], [1], [0], [2, 'x'], true];
const TIMES = ['5s', '0ms', '1.5s', '2h', '5', '-1s', 's', '', ['5s']];
const SPELLS = [
  { up: '2s', down: '1s' },
  { up: '2s' },
  { down: '1s' },
  { up: '0ms', down: '1s' },
  { up: '2s', down: '0.0s' },
  { up: 2, down: '1s' },
  { up: '2s', down: '1s', for: '1s' },
];

for (const trigger of TRIGGERS.values()) {
  describe(`the trigger ${trigger.name}`, () => {
    it('explains itself', () => {
      expect(trigger.name).to.match(/^[a-z]+(-[a-z]+)*$/);
      expect(trigger.summary).to.match(/^\S.{9,}\S$/);
    });

    it('takes what its schema takes, and refuses the rest with its name', () => {
      const allowed = new Ajv2020().compile(trigger.schema);
      const samples: readonly unknown[] = [...COUNTS, ...TIMES, ...SPELLS];
      const taken = samples.filter((value) => allowed(value));
      expect(taken).not.to.have.length(0);
      for (const value of samples) {
        const parse = () => parseTrigger({ [trigger.name]: value });
        const what = JSON.stringify(value);
        if (taken.includes(value)) expect(parse, what).not.to.throw();
        else expect(parse, what).to.throw(InvalidError, `${trigger.name}: expected`);
      }
    });
  });
}

describe('a trigger', () => {
  const schema = new Ajv2020().compile(triggerSchema());
  for (const [value, path, message] of [
    [{}, [], /expected a trigger such as \{ first: 2 \}, got \{\}/],
    ['first', [], /expected a trigger/],
    [[{ first: 1 }], [], /expected a trigger/],
    [null, [], /expected a trigger/],
    [{ frist: 1 }, ['frist'], /unknown trigger "frist", did you mean "first"\?/],
    [{ probability: '30%' }, ['probability'], /a share from 0 to 1, got "30%"/],
    [{ after: 5 }, ['after'], /after: expected a duration .*no unit/],
    [{ 'max-active': 0 }, ['max-active'], /a whole number from 1 on, got 0/],
    [{ flap: '2s' }, ['flap'], /expected \{ up: 2s, down: 1s \}, got "2s"/],
    [{ flap: { up: '2s' } }, ['flap'], /got no down/],
    [{ flap: { up: '2s', dwon: '1s' } }, ['flap'], /got "dwon", did you mean "down"\?/],
    [{ flap: { up: '2s', down: '0s' } }, ['flap'], /more than 0ms for down/],
  ] as const) {
    it(`is refused when it says ${JSON.stringify(value)}`, () => {
      expect(schema(value)).to.equal(false);
      expect(() => parseTrigger(value))
        .to.throw(InvalidError, message)
        .with.nested.property('problems[0].path')
        .that.deep.equals(path);
    });
  }

  it('tells all that is wrong with it at once', () => {
    const parse = () => parseTrigger({ first: -1, after: 5, max: 1 });
    expect(parse).to.throw(InvalidError).with.property('problems').that.has.length(3);
  });
});
