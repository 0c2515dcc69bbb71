import { expect } from 'chai';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { z } from 'zod';
import { FileError, InvalidError, type Position } from '../../src/common/errors.ts';
import { located, parseYaml, validateFile } from '../../src/common/yaml-file.ts';

const at = ({ line, column }: Position): string => `${line}:${column}`;

describe('a YAML file', () => {
  const text = `# comment
scenario: one
steps:
  - get: /a
  - { get: /b, as: "ada" }
defaults: &d
  wait: 1s
again: *d
empty:
"quoted key": x
12: y
`;
  const yaml = parseYaml(text, 'f.yaml');

  const positions: readonly (readonly [string, readonly (string | number)[], string, string])[] = [
    ['the whole', [], '2:1', '2:1'],
    ['a value', ['scenario'], '2:11', '2:1'],
    ['a list, by its key', ['steps'], '3:1', '3:1'],
    ['an item', ['steps', 0], '4:5', '4:5'],
    ['a value in an item', ['steps', 0, 'get'], '4:10', '4:5'],
    ['a value in braces', ['steps', 1, 'as'], '5:20', '5:16'],
    ['a value that is missing, by what should hold it', ['steps', 1, 'wait'], '5:5', '5:5'],
    ['an item that is missing', ['steps', 7], '3:1', '3:1'],
    ['a key below a text', ['scenario', 'x', 'y'], '2:1', '2:1'],
    ['an alias', ['again'], '8:8', '8:1'],
    ['a quoted key', ['quoted key'], '10:15', '10:1'],
    ['a key that is a number', [12], '11:5', '11:1'],
    ['a missing key', ['nowhere', 'x'], '2:1', '2:1'],
  ];
  for (const [title, path, value, key] of positions) {
    it(`knows the position of ${title}`, () => {
      expect(at(yaml.positionOf(path))).to.equal(value);
      expect(at(yaml.positionOf(path, true))).to.equal(key);
      expect(yaml.positionOf(path).file).to.equal('f.yaml');
    });
  }

  it('counts lines that end as on Windows, and no byte order mark', () => {
    const windows = parseYaml('\ufeffa: 1\r\nb:\r\n  c: 2\r\n', 'f');
    expect(windows.value).to.deep.equal({ a: 1, b: { c: 2 } });
    expect(at(windows.positionOf(['a']))).to.equal('1:4');
    expect(at(windows.positionOf(['b', 'c']))).to.equal('3:6');
  });

  it('may be JSON', () => {
    const json = parseYaml('{\n  "a": [1, {"b": null}]\n}', 'f.json');
    expect(json.value).to.deep.equal({ a: [1, { b: null }] });
    expect(at(json.positionOf(['a', 1, 'b']))).to.equal('2:18');
  });

  it('may be empty', () => {
    expect(parseYaml('', 'f').value).to.equal(null);
    expect(at(parseYaml('', 'f').positionOf(['a']))).to.equal('1:1');
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['that is no YAML', 'a: [1\nb: 2', /^f:2:1: /],
    ['with a key twice', 'a: 1\na: 2', /^f:2:1: the key "a" stands here twice$/],
    ['of two documents', 'a: 1\n---\nb: 1', /^f:2:1: /],
    ['with an alias to nothing', 'a: 1\nb: *x', /^f:2:4: unknown alias \*x: its anchor must stand/],
    ['with an alias to what comes later', 'b: *x\na: &x 1', /^f:1:4: unknown alias \*x/],
    ['that contains itself', 'a: &x\n  - b: *x', /^f:2:8: \*x would contain itself$/],
    ['that is itself', '&x\na: *x', /^f:2:4: \*x would contain itself$/],
    ['with a list for a key', 'a: 1\n? [b]\n: 1', /^f:2:3: a key must be text, not a list or map$/],
    ['with a map for a key, by alias', 'a: &x {b: 1}\n*x : 1', /^f:2:1: a key must be text/],
    ['nested without end', '['.repeat(50_000), /^f:1:501: nested too deeply$/],
    ['blocks in blocks without end', '- '.repeat(50_000), /^f:1:\d+: nested too deeply$/],
    [
      'a staircase without end',
      Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      /^f:\d+:\d+: nested too deeply$/,
    ],
  ];
  for (const [title, text, message] of broken) {
    it(`${title} is refused`, () => {
      expect(() => parseYaml(text, 'f')).to.throw(FileError, message);
    });
  }

  it('may use an alias twice', () => {
    expect(parseYaml('a: &x [1]\nb: [*x, *x]\n? &k c\n: 1\nd: *k', 'f').value).to.deep.equal({
      a: [1],
      b: [[1], [1]],
      c: 1,
      d: 'c',
    });
  });

  it('has each text at the position that it tells', () => {
    fc.assert(
      fc.property(tree(), fc.boolean(), (value, json) => {
        const text = json
          ? JSON.stringify(value, null, 2)
          : stringify(value, { aliasDuplicateObjects: false });
        const source = parseYaml(text, 'f');
        expect(source.value).to.deep.equal(value);
        const lines = text.split('\n');
        for (const { path, leaf } of leaves(value)) {
          const { line, column } = source.positionOf(path);
          expect((lines[line - 1] ?? '').slice(column - 1).replace(/^"/, '')).to.match(
            new RegExp(`^${leaf}\\b`),
          );
        }
      }),
    );
  });

  it('has a position within itself for any path', () => {
    const key = fc.oneof(fc.constantFrom('steps', 'get', 'defaults', 'again', 'wait'), fc.nat(3));
    const lines = text.split('\n');
    fc.assert(
      fc.property(fc.array(key), fc.boolean(), (path, atKey) => {
        const { line, column } = yaml.positionOf(path, atKey);
        expect(line).to.be.within(1, lines.length);
        expect(column).to.be.within(1, (lines[line - 1] ?? '').length + 1);
      }),
    );
  });

  it('is read or refused, whatever it holds', () => {
    const piece = fc.constantFrom(
      ...'a:&*?[]{}-|>!#,"\'\n ~<'.split(''),
      ': ',
      '- ',
      '&a ',
      '*a ',
      '? ',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        try {
          parseYaml(pieces.join(''), 'f');
        } catch (error) {
          expect(error).to.be.instanceOf(FileError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a file checked against a schema', () => {
  const schema = z.strictObject({
    name: z.string(),
    rules: z.array(z.strictObject({ n: z.number() })),
  });

  it('gives what the schema makes of it', () => {
    const source = parseYaml('name: a\nrules: [{ n: 1 }]', 'f');
    expect(validateFile(schema, source)).to.deep.equal({ name: 'a', rules: [{ n: 1 }] });
  });

  it('has each mistake at its position: a value, a key that is unknown, the place of what is missing', () => {
    const source = parseYaml('nane: a\nrules:\n  - n: x\n  - m: 1\n    n: 2\n', 'f');
    expect(() => validateFile(schema, source)).to.throw(
      FileError,
      [
        'f:3:8: expected a number, got "x"',
        'f:4:5: unknown key "m", did you mean "n"?',
        'f:1:1: unknown key "nane", did you mean "name"?',
      ].join('\n'),
    );
  });

  it('lets through an error that is not about the file', () => {
    const broken = z.any().transform(() => {
      throw new TypeError('a defect');
    });
    expect(() => validateFile(broken, parseYaml('a', 'f'))).to.throw(TypeError, 'a defect');
  });

  it('lends its positions to problems found elsewhere', () => {
    const error = new InvalidError([{ path: ['a', 'b'], message: 'no', atKey: true }]);
    expect(located(error, parseYaml('a:\n  b: 1', 'f')).message).to.equal('f:2:3: no');
  });
});

/** Nested maps and lists with a leaf of its own text each. */
function tree(): fc.Arbitrary<unknown> {
  const word = fc.stringMatching(/^w[a-z]{1,8}$/);
  return fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, word, tie('map'), tie('list')),
    map: fc.dictionary(word, tie('node'), { noNullPrototype: true, minKeys: 1 }),
    list: fc.array(tie('node'), { minLength: 1 }),
  })).node;
}

function leaves(value: unknown): { path: (string | number)[]; leaf: string }[] {
  if (typeof value === 'string') return [{ path: [], leaf: value }];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value as object);
  return entries.flatMap(([key, below]) =>
    leaves(below).map(({ path, leaf }) => ({ path: [key, ...path], leaf })),
  );
}
