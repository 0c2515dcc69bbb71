import { expect } from 'chai';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';

/** What would be far too much for it. */
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=256' };

const HEAD = 'scenario: x\nid: x\nuse: [./system.yaml]\n';
const SYSTEM = 'system: x\nservice: { start: builtin portal }\nupstreams: {}\n';
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i).join();

/** Each with how its error begins. */
const BOMBS: Readonly<Record<string, readonly [string, string]>> = {
  'laughs.yaml': [
    `${HEAD}a: &a [${numbers(10)}]\n${'bcdefghij'
      .replaceAll(/./g, (name) => `${name}: &${name} [${'*@,'.repeat(10)}]\n`)
      .split('\n')
      .map((line, i) => line.replaceAll('@', 'abcdefghij'[i] ?? ''))
      .join('\n')}`,
    '8:35: with its aliases too large',
  ],
  'deep.yaml': ['['.repeat(100_000), '1:501: nested too deeply'],
  'deep.json': [
    `{"scenario": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    '1:513: nested too deeply',
  ],
  'keys.yaml': [
    `${HEAD}${Array.from({ length: 140_000 }, (_, i) => `k${i}: 1`).join('\n')}`,
    '50001:1: too many values',
  ],
  'line.yaml': [`scenario: "${'x'.repeat(10_000_000)}"`, '1:1: is too large'],
  'list.yaml': [`${HEAD}tags: [${'a,'.repeat(1_000_000)}]`, '4:'],
  'cells.yaml': [
    `${HEAD}matrix: { ${'abcdefghijkl'.replaceAll(/./g, (name) => `${name}: [${numbers(10)}],`)} }`,
    '4:1: 1000000000000 cells',
  ],
  'axes.yaml': [
    `${HEAD}matrix:\n${Array.from({ length: 30_000 }, (_, i) => `  k${i}: [1]`).join('\n')}`,
    '4:1: 30000 names',
  ],
  'binary.yaml': ['\u007fELF\u0002', '1:1: a control character'],
};

describe('a folder of files that mean harm', () => {
  it('is refused with a line for each, in little memory', async () => {
    const texts = Object.entries(BOMBS).map(([name, [text]]) => [name, text]);
    using at = folder({
      ...(Object.fromEntries(texts) as Record<string, string>),
      'system.yaml': SYSTEM,
    });
    const { code, stderr } = await brownout(['validate', '.'], { cwd: at.path, env: SMALL_HEAP });
    for (const [name, [, begins]] of Object.entries(BOMBS))
      expect(stderr.slice(0, 20_000)).to.include(`${name}:${begins}`);
    expect(code).to.equal(3);
  });

  it('commands no terminal', async () => {
    using at = folder({
      'x.yaml': `${HEAD}"\\e]0;owned\\a\\e[2J": 1\n`,
      'system.yaml': SYSTEM,
    });
    const { code, stderr } = await brownout(['run', '.'], { cwd: at.path });
    expect(stderr).to.include('x.yaml:4:1: unknown key "\\u001b]0;owned\\u0007\\u001b[2J"');
    expect(code).to.equal(3);
  });
});
