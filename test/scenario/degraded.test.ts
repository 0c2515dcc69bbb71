import { expect } from 'chai';
import { BROKEN_BOARD } from './run-files.ts';
import { BOARD, rightPage, twisted, type Behaviour } from './service.ts';
import { failuresOf, passes } from './judged.ts';

describe('expect.degraded', () => {
  const slow = { faults: [{ on: 'stats.board', inject: { latency: '20ms' } }] };

  it('none: passes when nothing shows', async () => {
    await passes({ scenario: { ...slow, expect: { degraded: 'none' } } });
  });

  it('none: fails when a call is flagged', async () => {
    const failures = await failuresOf({
      scenario: { ...BROKEN_BOARD, expect: { degraded: 'none' } },
    });
    expect(failures).to.deep.include({ pointer: '/board/error', expected: false, got: true });
    expect(failures).to.deep.include({ pointer: '/degraded', expected: false, got: true });
  });

  it('none: fails when data is missing without a flag', async () => {
    const service: Behaviour = async (visit) => {
      const { board, ...page } = await rightPage(visit);
      return { body: { ...page, board: { ...board, error: false }, degraded: false } };
    };
    const failures = await failuresOf({
      service,
      scenario: { ...BROKEN_BOARD, expect: { degraded: 'none' } },
    });
    expect(failures.map(({ pointer }) => pointer)).to.deep.equal([
      '/board/data/0',
      '/board/data/1',
    ]);
  });

  it('exact: fails when nothing shows', async () => {
    const failures = await failuresOf({ scenario: slow });
    expect(failures.map(({ pointer }) => pointer)).to.deep.equal([
      '/board/error',
      '/board/data',
      '/degraded',
    ]);
  });

  for (const [what, scenario] of Object.entries({ broken: BROKEN_BOARD, whole: slow })) {
    it(`either: passes when the call is ${what}`, async () => {
      await passes({ scenario: { ...scenario, expect: { degraded: 'either' } } });
    });
  }

  const mixtures: Record<string, [Behaviour, string[]]> = {
    'flagged with its data': [
      twisted((page) => ({ ...page, board: { ...page.board, data: BOARD } })),
      ['/board/data'],
    ],
    'empty without a flag': [
      async (visit) => {
        const page = await rightPage(visit);
        const board = { ...page.board, error: false };
        return { body: { ...page, board, degraded: false } };
      },
      ['/board/data/0', '/board/data/1'],
    ],
    'flagged, and the whole is not': [
      twisted((page) => ({ ...page, degraded: false })),
      ['/degraded'],
    ],
    'without any flag': [
      async (visit) => {
        const page = await rightPage(visit);
        if (page.board.error !== true) return { body: page };
        return { body: { ...page, board: { data: [] }, degraded: false } };
      },
      ['/board/error'],
    ],
  };
  for (const [what, [service, pointers]] of Object.entries(mixtures)) {
    it(`either: fails on a mixture: ${what}`, async () => {
      const failures = await failuresOf({
        service,
        scenario: { ...BROKEN_BOARD, expect: { degraded: 'either' } },
      });
      expect(failures.map(({ pointer }) => pointer)).to.deep.equal(pointers);
    });
  }

  it('either: a call without a fault must be whole', async () => {
    const service: Behaviour = async (visit) => {
      const page = await rightPage(visit);
      if (page.board.error !== true) return { body: page };
      return { body: { ...page, player: { data: {}, error: true } } };
    };
    const failures = await failuresOf({
      service,
      scenario: { ...BROKEN_BOARD, expect: { degraded: 'either' } },
    });
    expect(failures).to.deep.include({ pointer: '/player/error', expected: false, got: true });
  });

  it('is judged also where a matcher says something of the whole answer', async () => {
    const failures = await failuresOf({
      service: twisted((page) => (page.board.error === true ? { ...page, title: 'lost' } : page)),
      scenario: { ...BROKEN_BOARD, expect: { body: { '': { type: 'object' } } } },
    });
    expect(failures).to.deep.equal([{ pointer: '/title', expected: 'Chess', got: 'lost' }]);
  });

  it('a list names the calls that are broken, whatever the faults are on', async () => {
    await passes({ scenario: { ...BROKEN_BOARD, expect: { degraded: ['board'] } } });
    const failures = await failuresOf({
      scenario: { ...BROKEN_BOARD, expect: { degraded: ['player'] } },
    });
    expect(failures.map(({ pointer }) => pointer)).to.include.members([
      '/board/error',
      '/player/error',
      '/player/data',
    ]);
  });
});
