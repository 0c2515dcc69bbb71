/** Rules as people write them, and as they are shown. None means what the traffic of the model asks for. */
const PAIRS: readonly (readonly [written: object, shown: object])[] = [
  [
    { on: 'stats', match: 'GET /never/status', inject: { status: 503 } },
    {
      on: 'stats',
      match: 'GET /never/status',
      inject: [{ fault: 'status', code: 503 }],
    },
  ],
  [
    { on: 'never-called', inject: 'reset' },
    { on: 'never-called', inject: [{ fault: 'reset' }] },
  ],
  [
    {
      on: 'stats.never-called',
      inject: [{ latency: '20ms' }, { status: 500, body: '[]' }],
      trigger: { first: 2 },
    },
    {
      on: 'stats.never-called',
      inject: [
        { fault: 'latency', delay: '20ms' },
        { fault: 'status', code: 500, body: '[]' },
      ],
      trigger: { first: 2 },
    },
  ],
  [
    {
      on: 'stats',
      match: { method: 'POST', path: '/never/:id', headers: { 'x-a': { present: true } } },
      inject: [{ fault: 'hang' }],
    },
    {
      on: 'stats',
      match: { method: 'POST', path: '/never/:id', headers: { 'x-a': { present: true } } },
      inject: [{ fault: 'hang' }],
    },
  ],
];

/** What is shown of each, by its JSON. */
export const RULES: ReadonlyMap<string, object> = new Map(
  PAIRS.map(([written, shown]) => [JSON.stringify(written), shown]),
);
export const WRITTEN_RULES: readonly object[] = PAIRS.map(([written]) => written);

/** No rule: each is refused, whatever it stands beside. */
export const WRONG_RULES: readonly unknown[] = [
  { on: 'nowhere', inject: 'reset' },
  { on: 'stats', inject: 'rset' },
  { on: 'stats', inject: { status: 9 } },
  { on: 'stats', inject: { status: '503' } },
  { on: 'stats', inject: [] },
  { on: 'stats' },
  { inject: 'reset' },
  { on: 'stats', inject: 'reset', trigger: { frst: 1 } },
  { on: 'stats', inject: 'reset', wehn: 1 },
  { on: 5, inject: 'reset' },
  { on: 'stats', match: 'GET never', inject: 'empty' },
  { on: 'never-called', inject: 'refuse' },
  { on: 'stats', inject: { latency: '-1s' } },
  5,
  'x',
  null,
  [],
];

/** How long an armed rule may wait: longer than a test. */
export const TTLS: readonly string[] = ['10m', '1h'];
export const WRONG_TTLS: readonly unknown[] = ['soon', '-1s', 5, null, '', {}];
