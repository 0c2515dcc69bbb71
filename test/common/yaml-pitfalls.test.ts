import { expect } from 'chai';
import { FileError } from '../../src/common/errors.ts';
import { parseYaml } from '../../src/common/yaml-file.ts';

describe('a YAML file that means harm', () => {
  const hostile: readonly (readonly [string, string, RegExp])[] = [
    [
      'that grows without end',
      bomb(),
      /^f:5:\d+: with its aliases too large: at most 100000 values/,
    ],
    ['that a line of aliases makes huge', line(), /^f:100:6: with its aliases too large/],
    ['that merges keys', 'a: &x {b: 1}\nc: {<<: *x}', /^f:2:5: keys are not merged by <</],
    ['with a key that no object can have', 'a: {__proto__: 1}', /^f:1:5: no key can have the name/],
    [
      'with a tag of code',
      'a: !!js/function "f"',
      /^f:1:\d+: unknown tag !!js\/function: write the/,
    ],
    ['with a tag of an editor', 'a: !include b.yaml', /^f:1:\d+: unknown tag !include: write the/],
    ['with bytes', 'a: !!binary aGVsbG8=', /^f:1:\d+: unknown tag !!binary/],
    ['with a date', 'a: !!timestamp 2001-12-14', /^f:1:\d+: unknown tag !!timestamp/],
    ['with a set', 'a: !!set {b, c}', /^f:1:\d+: unknown tag !!set/],
    ['with NUL', 'a: 1\nb: "c\0d"', /^f:2:6: a control character, U\+0000, cannot stand/],
    ['with an escape sequence', '\u001b[31ma: 1', /^f:1:1: a control character, U\+001b/],
    [
      'of far too many values',
      `[${'1,'.repeat(200_000)}]`,
      /^f:1:\d+: too many values: at most 100000/,
    ],
  ];
  for (const [title, text, message] of hostile) {
    it(`${title} is refused`, () => {
      expect(() => parseYaml(text, 'f')).to.throw(FileError, message);
    });
  }

  it('tells of many mistakes as far as anyone reads', () => {
    const text = Array.from({ length: 1000 }, () => 'a: 1').join('\n');
    expect(() => parseYaml(text, 'f')).to.throw(FileError, /\nand 949 more$/);
    expect(() => parseYaml(`*${'x'.repeat(100_000)}`, 'f')).to.throw(FileError, /^.{1000,1100}…$/);
  });

  it('with ten thousand keys is read in a moment', () => {
    const text = Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(Object.keys(parseYaml(text, 'f').value as object)).to.have.length(30_000);
  });

  it('means the last anchor before an alias', () => {
    const text = 'a: &x 1\nb: *x\nc: &x 2\nd: *x';
    expect(parseYaml(text, 'f').value).to.deep.equal({ a: 1, b: 1, c: 2, d: 2 });
    const many = (one: string) => `&x [${Array.from({ length: 400 }, () => one).join()}]`;
    const hidden = `a: ${many('1')}\nb: ${many('*x').replace('&x ', '')}\nc: &x 2`;
    expect(() => parseYaml(hidden, 'f')).to.throw(FileError, /^f:2:\d+: with its aliases/);
  });
});

/** Each level says the one before it ten times. */
function bomb(): string {
  const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, i, names) => {
    const below = i === 0 ? '1' : `*${names[i - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 10 }, () => below).join(', ')}]`;
  });
  return levels.join('\n');
}

/** Each value stands for a thousand. */
function line(): string {
  const keys = Array.from({ length: 500 }, (_, i) => `k${i}: *x`);
  return `x: &x [${Array.from({ length: 1000 }, () => 1).join()}]\n${keys.join('\n')}`;
}
