import { later } from '../judged.ts';
import { BROKEN_BOARD } from '../run-files.ts';
import { rightPage, rightService, twisted } from '../service.ts';
import { inTheMiddle, LOST, NEVER_FIRES, UNFIRED, type Row } from './rows.ts';

export const BROKEN: Record<string, Row> = {
  'it answers 500 while all is well': [
    async (visit) => ({ status: 500, body: await rightPage(visit) }),
    BROKEN_BOARD,
    'the baseline did not hold before any fault',
  ],
  'a flag is raised while all is well': [
    twisted((page) => ({ ...page, board: LOST })),
    BROKEN_BOARD,
    'the baseline did not hold before any fault',
  ],
  'it tells what must not be told while all is well': [
    rightService,
    BROKEN_BOARD,
    'the baseline did not hold before any fault',
    { contract: { never: ['Chess'] } },
  ],
  'it is too slow while all is well': [
    async (visit) => {
      await later(40);
      return rightService(visit);
    },
    BROKEN_BOARD,
    'the baseline did not hold before any fault',
    { contract: { budget: { baseline: '10ms', degraded: '1s' } } },
  ],
  'the data are not where the contract says': [
    rightService,
    BROKEN_BOARD,
    'the baseline did not hold before any fault\nthe answer has no /board/rows; there is at /board: data, error',
    {
      contract: {
        calls: { board: { part: '/board', data: '/board/rows', empty: [], flag: '/board/error' } },
        overall: undefined,
      },
    },
  ],
  'one instance answers otherwise than another': [
    twisted((page, { instance }) => ({ ...page, title: `No. ${instance}` })),
    BROKEN_BOARD,
    'the baseline did not hold before any fault',
  ],
  'it dies before any fault': [
    async (visit) => {
      const reply = await rightService(visit);
      if (visit.instance > 1) await visit.die();
      return reply;
    },
    BROKEN_BOARD,
    'the baseline did not hold before any fault: it fell over\nthe last thing it said',
  ],
  'the setup does not hold': [
    rightService,
    { ...BROKEN_BOARD, setup: [{ get: '/page', expect: { status: 404 } }] },
    'the setup did not hold: status: expected 404, got 200',
  ],
  'an identity cannot log in': [
    async (visit) => (visit.path === '/login' ? { status: 401, body: {} } : rightService(visit)),
    BROKEN_BOARD,
    'the identity "ada" could not log in: 401 {}',
    {
      system: { identities: { ada: { post: '/login', json: {}, token: '/token' } } },
      contract: { request: { get: '/page', as: 'ada' } },
    },
  ],
};

export const INCONCLUSIVE: Record<string, Row> = {
  'a planned fault never fired': [rightService, NEVER_FIRES, UNFIRED],
  'a planned fault never fired, whatever its call shows': [
    inTheMiddle(() => ({ board: LOST, degraded: true })),
    NEVER_FIRES,
    UNFIRED,
  ],
  'one of two planned faults never fired': [
    rightService,
    {
      faults: [...BROKEN_BOARD.faults, { on: 'stats.other', inject: 'reset' }],
      expect: { degraded: ['board'] },
    },
    'never fired: reset on stats.other; calls that were seen: board ×1, player ×1',
  ],
  'the service asks nothing of the upstream that is closed': [
    async () => ({
      body: {
        board: { data: [1], error: false },
        player: { data: {}, error: false },
        degraded: false,
      },
    }),
    { faults: [{ on: 'stats', inject: 'refuse' }], expect: { degraded: 'none' } },
    /^never fired: refuse on stats \(no request was sent under it .+; the service made no call$/,
  ],
  'the answer changes while all is well': [
    twisted((page, { ordinal }) => ({ ...page, now: ordinal })),
    BROKEN_BOARD,
    'the baseline changes from one request to the next: name /now under volatile, or mend it',
  ],
};
