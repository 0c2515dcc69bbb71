import type { Parameter } from '../../src/proxy/parameter.ts';

export interface Examples {
  inside(parameter: Parameter): readonly unknown[];
  outside(parameter: Parameter): readonly unknown[];
}

export function kindOf(parameter: Parameter): Examples {
  return KINDS[parameter.kind] as Examples;
}

/** Values at and beyond the borders of each kind. A new kind needs a line here. */
export const KINDS: Readonly<Record<string, Examples>> = {
  duration: {
    inside: () => ['30ms', '0ms', '1.5s', '1h'],
    outside: () => ['2h', '60m1s', '-1s', 5, 'soon', ''],
  },
  amount: {
    inside: () => ['50%', '0%', '100%', '0B', '64KB'],
    outside: () => ['101%', '-1%', '5', 5, 'half'],
  },
  integer: {
    inside: ({ schema }) => [schema['minimum'], schema['maximum']],
    outside: ({ schema }) => [
      Number(schema['minimum']) - 1,
      Number(schema['maximum']) + 1,
      1.5,
      '2',
    ],
  },
  choice: { inside: wordsOf, outside: () => ['nonsense', 7, {}] },
  phase: { inside: wordsOf, outside: () => ['handshake', 'end', 'nonsense', 7] },
  text: { inside: () => ['x', ''], outside: () => [5, {}, []] },
  pointer: { inside: () => ['/0/score', '', '/a~1b'], outside: () => ['score', '/a~2', 5] },
  headers: {
    inside: () => [{ 'retry-after': '2' }, {}],
    outside: () => [{ 'bad name': 'x' }, { a: 'x\r\ny: z' }, { a: 5 }, [], 'a: b'],
  },
  'header-names': {
    inside: () => [['content-type', 'X-A'], []],
    outside: () => [['bad name'], [''], [5], 'content-type', {}],
  },
  'header-value': {
    inside: () => ['text/x', ''],
    outside: () => ['a\nb', 'a\r\nb: c', '\u20ac', 5],
  },
  operations: {
    inside: () => [[{ op: 'replace', path: '/0/score', value: null }]],
    outside: () => [[], [{ op: 'replace', path: '/0/score' }], [{ op: 'put', path: '' }], {}, 'x'],
  },
  rate: { inside: () => ['64KB/s', '1B/s'], outside: () => ['64KB', '0B/s', 5, '1TB/s', 'fast'] },
  share: { inside: () => [0.5, 0, 1], outside: () => [-0.1, 1.1, '50%', '0.5'] },
  size: { inside: () => ['64KB', '16B', '1GB'], outside: () => ['-1B', '5', 5, '1TB', 'much'] },
};

function wordsOf({ schema }: Parameter): readonly unknown[] {
  return schema['enum'] as readonly unknown[];
}
