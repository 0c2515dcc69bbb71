import { BROKEN_BOARD } from '../run-files.ts';
import { rightPage, rightService } from '../service.ts';
import { LOST, onceLost, type Row } from './rows.ts';

export const PASSED: Record<string, Row> = {
  'exactly the broken call is empty and flagged': [rightService, BROKEN_BOARD, null],
  'both calls are lost with the whole upstream': [
    rightService,
    { faults: [{ on: 'stats', inject: 'refuse' }] },
    null,
  ],
  'a slow call comes in time': [
    rightService,
    { faults: [{ on: 'stats', inject: { latency: '20ms' } }], expect: { degraded: 'none' } },
    null,
  ],
  'a retry mends what fails once': [
    async (visit) => ({
      body: await rightPage({ call: (path) => visit.call(path).catch(() => visit.call(path)) }),
    }),
    {
      faults: [{ on: 'stats.board', inject: 'reset', trigger: { first: 1 } }],
      expect: { degraded: 'none', upstream: { board: { count: 2, faulted: 1 } } },
    },
    null,
  ],
  'what may be either is one of them': [
    rightService,
    { ...BROKEN_BOARD, expect: { degraded: 'either' } },
    null,
  ],
  'what the steps stop is lost, and what they start is back': [
    rightService,
    {
      steps: [
        { stop: 'stats' },
        { send: 'page', expect: { degraded: ['board', 'player'] } },
        { start: 'stats' },
        { send: 'page', expect: { degraded: 'none' } },
      ],
    },
    null,
  ],
  'it is whole again within the time that it has': [
    onceLost(async (page, { ordinal }) =>
      ordinal < 5 ? { ...page, board: LOST, degraded: true } : page,
    ),
    BROKEN_BOARD,
    null,
  ],
};
