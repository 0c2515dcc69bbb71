import { later } from '../judged.ts';
import { BROKEN_BOARD } from '../run-files.ts';
import { rightPage, rightService, twisted } from '../service.ts';
import { inTheMiddle, LOST, NEVER_FIRES, onceLost, UNFIRED, whenLost, type Row } from './rows.ts';

export const FAILED: Record<string, Row> = {
  'a flag is forgotten': [
    whenLost(({ board }) => ({ board: { ...board, error: false } })),
    BROKEN_BOARD,
    '/board/error: expected true, got false',
  ],
  'a second flag is raised': [
    whenLost(({ player }) => ({ player: { ...player, error: true } })),
    BROKEN_BOARD,
    '/player/error: expected false, got true',
  ],
  'a flag is raised that nothing raises': [
    inTheMiddle(() => ({ board: { data: [], error: true }, degraded: true })),
    { faults: [{ on: 'stats', inject: { latency: '5ms' } }], expect: { degraded: 'none' } },
    /^\/board\/error: expected false, got true \(and \d more\)$/,
  ],
  'old data stand where there are none': [
    whenLost(() => ({ board: { data: [1], error: true } })),
    BROKEN_BOARD,
    '/board/data: expected [], got [1]',
  ],
  'the healthy half is lost': [
    whenLost(() => ({ player: { data: {}, error: false } })),
    BROKEN_BOARD,
    '/player/data/plays: expected 4, got nothing',
  ],
  'the flag of the whole is forgotten': [
    whenLost(() => ({ degraded: false })),
    BROKEN_BOARD,
    '/degraded: expected true, got false',
  ],
  'what may be either is a mixture': [
    whenLost(() => ({ board: { data: [1], error: true } })),
    { ...BROKEN_BOARD, expect: { degraded: 'either' } },
    '/board/data: expected [], got [1]',
  ],
  'it answers 500': [
    async (visit) => {
      const body = await rightPage(visit);
      return { status: body.board.error === true ? 500 : 200, body };
    },
    BROKEN_BOARD,
    'status: expected 200, got 500',
  ],
  'it gives no answer': [
    async (visit) => {
      const body = await rightPage(visit);
      return body.board.error === true ? 'never' : { body };
    },
    BROKEN_BOARD,
    'status: expected 200, got "no answer within 1000ms"',
    { contract: { budget: { baseline: '1s', degraded: '100ms' } } },
  ],
  'it answers too late': [
    async (visit) => {
      const body = await rightPage(visit);
      if (body.board.error === true) await later(150);
      return { body };
    },
    BROKEN_BOARD,
    /^time: expected "at most 100ms", got "[\d.]+m?s"$/,
    { contract: { budget: { baseline: '1s', degraded: '100ms' } } },
  ],
  'it tells what must not be told': [
    whenLost(() => ({ board: { ...LOST, why: 'ECONNRESET' } })),
    BROKEN_BOARD,
    /^body: expected "nowhere \\"ECONN\\"", got "….*ECONNRESET.*…"$/,
    { contract: { never: ['ECONN'] } },
  ],
  'it tries too often': [
    async (visit) => ({
      body: await rightPage({ call: (path) => visit.call(path).catch(() => visit.call(path)) }),
    }),
    BROKEN_BOARD,
    'calls of board: expected {"max":1}, got 2 (and 1 more)',
    {
      contract: {
        calls: {
          board: {
            part: '/board',
            data: '/board/data',
            empty: [],
            flag: '/board/error',
            attempts: { max: 1 },
          },
        },
        overall: undefined,
      },
    },
  ],
  'it is not whole again in time': [
    onceLost(async (page) => ({ ...page, board: LOST, degraded: true })),
    { ...BROKEN_BOARD, recovery: { within: '50ms' } },
    'recovery: expected "whole again within 50ms of lifting the faults", got "still not" (and 2 more)',
  ],
  'it dies under the fault': [
    onceLost(async (page, visit) => {
      await visit.die();
      return page;
    }),
    BROKEN_BOARD,
    'the service died under a fault: it fell over\nthe last thing it said',
  ],
  'another thing than the contract says is expected, and is not so': [
    rightService,
    { ...BROKEN_BOARD, expect: { body: { '/title': 'Go' } } },
    '/title: expected "Go", got "Chess"',
  ],
  'a later step does not hold': [
    rightService,
    { ...BROKEN_BOARD, steps: [{ send: 'page' }, { get: '/page', expect: { status: 404 } }] },
    'status: expected 404, got 200',
  ],
  'the teardown does not hold': [
    rightService,
    { ...BROKEN_BOARD, teardown: [{ get: '/page', expect: { status: 404 } }] },
    'the teardown did not hold: status: expected 404, got 200',
  ],
  // What never fired leaves its call unjudged, and nothing else.
  'a fault never fired, and another part is wrong': [
    inTheMiddle(() => ({ title: 'Go' })),
    NEVER_FIRES,
    `/title: expected "Chess", got "Go"; and ${UNFIRED}`,
  ],
  'a fault never fired, and the other call is wrong': [
    inTheMiddle(() => ({ player: { data: {}, error: true } })),
    NEVER_FIRES,
    `/player/error: expected false, got true (and 1 more); and ${UNFIRED}`,
  ],
  'a fault never fired, and it is not whole again': [
    twisted((page, { instance, ordinal }) =>
      instance > 1 && ordinal > 2 ? { ...page, title: 'Go' } : page,
    ),
    { ...NEVER_FIRES, recovery: { within: '50ms' } },
    /^recovery: expected "whole again .+; and never fired: status on stats\.board/,
  ],
  'a fault never fired, and the teardown does not hold': [
    rightService,
    { ...NEVER_FIRES, teardown: [{ get: '/page', expect: { status: 404 } }] },
    `the teardown did not hold: status: expected 404, got 200; and ${UNFIRED}`,
  ],
};
