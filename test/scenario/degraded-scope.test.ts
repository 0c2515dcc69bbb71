import { expect } from 'chai';
import { BROKEN_BOARD, CONTRACT, run } from './run-files.ts';
import {
  BOARD,
  part,
  PLAYER,
  rightPage,
  rightService,
  twisted,
  type Behaviour,
} from './service.ts';
import { failuresOf, passes } from './judged.ts';

describe('what expect.degraded is judged on', () => {
  it('match: the calls that the rule hit are broken, and no other', async () => {
    const faults = [{ on: 'stats', match: 'GET /board', inject: { status: 503 } }];
    await passes({ scenario: { faults } });
    const failures = await failuresOf({
      scenario: { faults },
      service: twisted((page) => ({ ...page, player: { ...page.player, error: page.degraded } })),
    });
    expect(failures).to.deep.equal([{ pointer: '/player/error', expected: false, got: true }]);
  });

  for (const inject of ['refuse', 'reset', 'close', 'hang', { status: 503 }]) {
    it(`a whole upstream (${JSON.stringify(inject)}): every call of it is broken`, async () => {
      const scenario = { faults: [{ on: 'stats', inject }] };
      await passes({ scenario });
      const service: Behaviour = async (visit) => {
        const page = await rightPage(visit);
        return { body: { ...page, player: { data: PLAYER, error: false } } };
      };
      const failures = await failuresOf({ service, scenario });
      expect(failures).to.deep.equal([
        { pointer: '/player/error', expected: true, got: false },
        { pointer: '/player/data', expected: {}, got: PLAYER },
      ]);
    });
  }

  it('does not assert attempts that a connection’s fault hides', async () => {
    const calls = Object.fromEntries(
      Object.entries(CONTRACT.calls).map(([k, v]) => [k, { ...v, attempts: { min: 1 } }]),
    );
    await passes({
      contract: { calls },
      scenario: { faults: [{ on: 'stats', inject: 'refuse' }] },
    });
  });

  it('a pointer of expect.body is judged by its matcher instead', async () => {
    const scenario = {
      faults: [{ on: 'stats.board', inject: { mutate: 'drop', pointer: '/1' } }],
      expect: { degraded: 'none', body: { '/board/data': { length: 1 } } },
    };
    await passes({ scenario });
    const failures = await failuresOf({
      scenario: { ...scenario, expect: { degraded: 'none' } },
    });
    expect(failures.map(({ pointer }) => pointer)).to.deep.equal(['/board/data/1']);
    const other = await failuresOf({
      scenario: {
        ...scenario,
        expect: { degraded: 'none', body: { '/board/data': { length: 2 } } },
      },
    });
    expect(other).to.deep.equal([
      { pointer: '/board/data', expected: { length: 2 }, got: [BOARD[0]] },
    ]);
  });

  it('a matcher on an answer that is no JSON holds of nothing', async () => {
    const service: Behaviour = async ({ path }) => ({ body: path === '/list' ? 'oops' : {} });
    const failures = await failuresOf({
      service,
      scenario: {
        use: ['./system.yaml'],
        faults: [{ on: 'stats.board', inject: 'reset' }],
        steps: [{ get: '/list', expect: { body: { '/0': { absent: true } } } }],
      },
    });
    expect(failures).to.deep.equal([{ pointer: 'body', expected: 'JSON', got: 'oops' }]);
  });

  it('what is volatile is not compared', async () => {
    const service = twisted((page, { ordinal }) => ({ ...page, request: ordinal }));
    await passes({ service, contract: { volatile: ['/request'] }, scenario: BROKEN_BOARD });
  });

  it('a part may hold both data and flag elsewhere', async () => {
    const flat = async (visit: Parameters<Behaviour>[0]) => {
      const [board, player] = [
        await part(visit.call('/board'), []),
        await part(visit.call('/player'), {}),
      ];
      const body = { list: board.data, broken: { list: board.error, me: player.error } };
      return { body: { ...body, me: player.data } };
    };
    const calls = {
      board: { part: '/list', data: '/list', empty: [], flag: '/broken/list' },
      player: { part: '/me', data: '/me', empty: {}, flag: '/broken/me' },
    };
    const { overall: _, ...contract } = CONTRACT;
    await passes({
      service: flat,
      scenario: BROKEN_BOARD,
      files: { 'contract.yaml': { ...contract, calls } },
    });
  });

  it('the right service passes on either call, every fault of both, and on none', async () => {
    const { result } = await run({
      service: rightService,
      scenario: {
        matrix: {
          on: ['stats.board', 'stats.player'],
          fault: ['reset', 'close', 'hang', { status: 500 }, 'malformed-json', 'truncate', 'empty'],
        },
        faults: [{ on: '${on}', inject: '${fault}' }],
      },
    });
    expect(result.cells.filter(({ verdict }) => verdict !== 'passed')).to.deep.equal([]);
    expect(result.counts.passed).to.equal(14);
  });
});
