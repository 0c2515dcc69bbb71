import { expect } from 'chai';
import type { CellResult } from '../../src/scenario/result.ts';
import { BROKEN_BOARD, CONTRACT, run, type RunOptions } from './run-files.ts';
import {
  BOARD,
  part,
  PLAYER,
  rightPage,
  rightService,
  twisted,
  type Behaviour,
} from './service.ts';

const gotOf = ({ failures }: CellResult) =>
  failures.map(({ pointer, expected, got }) => ({ pointer, expected, got }));

async function failuresOf(options: RunOptions) {
  const { cell } = await run(options);
  expect(cell.verdict, cell.reason ?? '').to.equal('failed');
  return gotOf(cell);
}

async function passes(options: RunOptions) {
  const { cell, result } = await run(options);
  expect(gotOf(cell)).to.deep.equal([]);
  expect(cell.reason).to.equal(null);
  expect(result).to.include({ verdict: 'passed', exit: 0 });
  return cell;
}

describe('a service whose board is lost', () => {
  it('passes when the board is empty and flagged and all else is as when healthy', async () => {
    const cell = await passes({ scenario: BROKEN_BOARD });
    expect(cell.recoveryMs).to.be.a('number');
    expect(cell.curl).to.equal('curl -i "$SERVICE"/page');
    expect(cell.replay).to.match(/^brownout run \S+scenario\.yaml --id lost-board --seed seed$/);
    expect(cell.exchanges.map(({ call, status }) => ({ call, status }))).to.have.deep.members([
      { call: 'board', status: 503 },
      { call: 'player', status: 200 },
    ]);
  });

  const wrong: Record<
    string,
    [Behaviour, ...{ pointer: string; expected: unknown; got: unknown }[]]
  > = {
    'leaves the flag out': [
      twisted(({ board, ...page }) => ({
        ...page,
        board: board.error === true ? { data: board.data } : board,
      })),
      { pointer: '/board/error', expected: true, got: undefined },
    ],
    'writes the flag as text': [
      twisted(({ board, ...page }) => ({
        ...page,
        board: { ...board, error: board.error === true ? 'true' : false },
      })),
      { pointer: '/board/error', expected: true, got: 'true' },
    ],
    'writes the flag as a number': [
      twisted(({ board, ...page }) => ({
        ...page,
        board: { ...board, error: board.error === true ? 1 : false },
      })),
      { pointer: '/board/error', expected: true, got: 1 },
    ],
    'flags the healthy call too': [
      twisted((page) => ({ ...page, player: { ...page.player, error: page.board.error } })),
      { pointer: '/player/error', expected: false, got: true },
    ],
    'drops the flag of the healthy call': [
      twisted((page) => ({
        ...page,
        player: page.board.error === true ? { data: page.player.data } : page.player,
      })),
      { pointer: '/player/error', expected: false, got: undefined },
    ],
    'flags the other call instead': [
      twisted((page) => ({
        ...page,
        board: { ...page.board, error: false },
        player: { ...page.player, error: page.board.error },
      })),
      { pointer: '/board/error', expected: true, got: false },
      { pointer: '/player/error', expected: false, got: true },
    ],
    'gives null for the empty list': [
      twisted((page) => ({
        ...page,
        board: page.board.error === true ? { data: null, error: true } : page.board,
      })),
      { pointer: '/board/data', expected: [], got: null },
    ],
    'gives an empty object for the empty list': [
      twisted((page) => ({
        ...page,
        board: page.board.error === true ? { data: {}, error: true } : page.board,
      })),
      { pointer: '/board/data', expected: [], got: {} },
    ],
    'leaves the data out': [
      twisted((page) => ({
        ...page,
        board: page.board.error === true ? { error: true } : page.board,
      })),
      { pointer: '/board/data', expected: [], got: undefined },
    ],
    'shows stale data': [
      twisted((page) => ({ ...page, board: { ...page.board, data: BOARD } })),
      { pointer: '/board/data', expected: [], got: BOARD },
    ],
    'changes the healthy call’s data': [
      twisted((page) => ({
        ...page,
        player: page.board.error === true ? { data: { plays: '4' }, error: false } : page.player,
      })),
      { pointer: '/player/data/plays', expected: 4, got: '4' },
    ],
    'empties the healthy call’s data': [
      twisted((page) => ({
        ...page,
        player: page.board.error === true ? { data: {}, error: false } : page.player,
      })),
      { pointer: '/player/data/plays', expected: 4, got: undefined },
    ],
    'changes another part of the body': [
      twisted((page) => ({ ...page, title: page.board.error === true ? 'Error' : page.title })),
      { pointer: '/title', expected: 'Chess', got: 'Error' },
    ],
    'adds a field': [
      twisted((page) => (page.board.error === true ? { ...page, note: null } : page)),
      { pointer: '/note', expected: undefined, got: null },
    ],
    'adds a field that objects inherit': [
      twisted((page) => (page.board.error === true ? { ...page, toString: 'x' } : page)),
      { pointer: '/toString', expected: undefined, got: 'x' },
    ],
    'adds __proto__': [
      async (visit) => {
        const text = JSON.stringify(await rightPage(visit));
        const broken = text.includes('"degraded":true');
        return { body: broken ? text.replace('{', '{"__proto__":1,') : text };
      },
      { pointer: '/__proto__', expected: undefined, got: 1 },
    ],
    'does not raise the overall flag': [
      twisted((page) => ({ ...page, degraded: false })),
      { pointer: '/degraded', expected: true, got: false },
    ],
    'answers 500': [
      async (visit) => {
        const body = await rightPage(visit);
        return { status: body.board.error === true ? 500 : 200, body };
      },
      { pointer: 'status', expected: 200, got: 500 },
    ],
    'answers 206': [
      async (visit) => {
        const body = await rightPage(visit);
        return { status: body.board.error === true ? 206 : 200, body };
      },
      { pointer: 'status', expected: 200, got: 206 },
    ],
  };
  for (const [what, [service, ...failures]] of Object.entries(wrong)) {
    it(`fails when it ${what}`, async () => {
      expect(await failuresOf({ service, scenario: BROKEN_BOARD })).to.deep.equal(failures);
    });
  }

  it('says where the expectation stands and what was expected and got', async () => {
    const { cell, result } = await run({
      service: twisted((page) => ({ ...page, degraded: false })),
      scenario: { ...BROKEN_BOARD, expect: { degraded: 'exact' } },
    });
    expect(cell.reason).to.equal('/degraded: expected true, got false');
    expect(cell.failures[0]?.at).to.match(/scenario\.yaml:11:3$/);
    expect(result).to.include({ verdict: 'failed', exit: 1 });
  });

  it('fails when the overall flag is raised although the fault was mended', async () => {
    const service = twisted((page) => ({ ...page, degraded: page['retried'] ?? false }));
    const retrying: Behaviour = async (visit) => {
      const first = await visit.call('/board').catch(() => undefined);
      const page = await rightPage(visit);
      const retried = first === undefined;
      return service({ ...visit, call: visit.call }).then((reply) => ({
        ...(reply as object),
        body: { ...page, degraded: retried },
      }));
    };
    const scenario = {
      faults: [{ on: 'stats.board', inject: { status: 503 }, trigger: { first: 1 } }],
      expect: { degraded: 'none' },
    };
    expect(await failuresOf({ service: retrying, scenario })).to.deep.equal([
      { pointer: '/degraded', expected: false, got: true },
    ]);
  });

  it('fails when it leaks the upstream’s address', async () => {
    const failures = await failuresOf({
      contract: { never: ['${upstream.stats.address}'] },
      scenario: BROKEN_BOARD,
      service: twisted((page, { stats }) => ({
        ...page,
        board: page.board.error === true ? { ...page.board, why: `no ${stats}` } : page.board,
      })),
    });
    expect(failures.map(({ pointer }) => pointer)).to.deep.equal(['body']);
    expect(failures[0]?.expected).to.match(/^nowhere "127\.0\.0\.1:\d+"$/);
    expect(failures[0]?.got).to.contain('no http://127.0.0.1:');
  });

  it('fails when it leaks in an encoding of its own', async () => {
    const failures = await failuresOf({
      contract: { never: ['at /srv/app.js'] },
      scenario: BROKEN_BOARD,
      service: async (visit) => {
        const page = await rightPage(visit);
        const why = page.board.error === true ? '"at \\/srv\\/app.js"' : 'null';
        return { body: JSON.stringify(page).replace('"error":true', `"error":true,"why":${why}`) };
      },
    });
    expect(failures.map(({ expected }) => expected)).to.deep.equal(['nowhere "at /srv/app.js"']);
  });

  it('fails when it answers too late', async () => {
    const failures = await failuresOf({
      scenario: BROKEN_BOARD,
      service: async (visit) => {
        const body = await rightPage(visit);
        if (body.board.error === true) await later(600);
        return { body };
      },
    });
    expect(failures.map(({ pointer, expected }) => ({ pointer, expected }))).to.deep.equal([
      { pointer: 'time', expected: 'at most 500ms' },
    ]);
  });

  it('fails when it never answers, given up at twice the budget', async () => {
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      return body.board.error === true ? 'never' : { body };
    };
    const failures = await failuresOf({ service, scenario: BROKEN_BOARD });
    expect(failures[0]).to.deep.equal({
      pointer: 'status',
      expected: 200,
      got: 'no answer within 1000ms',
    });
    expect(failures.map(({ pointer }) => pointer)).to.deep.equal(['status']);
  });

  it('fails when it switches protocols in the place of an answer', async () => {
    const headers = { connection: 'upgrade', upgrade: 'x' };
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      return body.board.error === true ? { status: 101, headers, body: '' } : { body };
    };
    const [first] = await failuresOf({ service, scenario: BROKEN_BOARD });
    expect(first).to.include({ pointer: 'status', expected: 200 });
    expect(first?.got).to.match(/^the connection failed: it ended without an answer/);
  });

  it('fails when its answer breaks off', async () => {
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      if (body.board.error !== true) return { body };
      return { headers: { 'content-length': '9999', connection: 'close' }, body };
    };
    const [first] = await failuresOf({ service, scenario: BROKEN_BOARD });
    expect(first).to.include({ pointer: 'status', expected: 200 });
  });

  it('fails when its answer is no JSON', async () => {
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      return { body: body.board.error === true ? `<p>${JSON.stringify(body)}` : body };
    };
    const failures = await failuresOf({ service, scenario: BROKEN_BOARD });
    expect(failures[0]).to.deep.equal({ pointer: '/board/error', expected: true, got: undefined });
  });

  it('fails when it calls too often', async () => {
    const calls = {
      ...CONTRACT.calls,
      board: { ...CONTRACT.calls.board, attempts: { max: 2 } },
    };
    const stubborn = async ({ call }: Pick<Parameters<Behaviour>[0], 'call'>) =>
      call('/board').catch(() => call('/board').catch(() => call('/board')));
    const failures = await failuresOf({
      contract: { calls },
      scenario: BROKEN_BOARD,
      service: async (visit) => ({
        body: await rightPage({
          call: (path) => (path === '/board' ? stubborn(visit) : visit.call(path)),
        }),
      }),
    });
    expect(failures).to.deep.equal([{ pointer: 'calls of board', expected: { max: 2 }, got: 3 }]);
  });

  it('fails when it does not try often enough', async () => {
    const calls = {
      ...CONTRACT.calls,
      board: { ...CONTRACT.calls.board, attempts: { min: 2 } },
    };
    const failures = await failuresOf({ contract: { calls }, scenario: BROKEN_BOARD });
    expect(failures).to.deep.equal([{ pointer: 'calls of board', expected: { min: 2 }, got: 1 }]);
  });

  it('fails when it never recovers', async () => {
    const broken = new Set<number>();
    const service: Behaviour = async (visit) => {
      const page = await rightPage(visit);
      if (page.board.error === true) broken.add(visit.instance);
      if (!broken.has(visit.instance)) return { body: page };
      return { body: { ...page, board: { data: [], error: true }, degraded: true } };
    };
    const { cell } = await run({
      service,
      scenario: { ...BROKEN_BOARD, recovery: { within: '200ms' } },
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.recoveryMs).to.equal(null);
    expect(gotOf(cell)).to.deep.equal([
      {
        pointer: 'recovery',
        expected: 'whole again within 200ms of lifting the faults',
        got: 'still not',
      },
      { pointer: '/board/error', expected: false, got: true },
      { pointer: '/degraded', expected: false, got: true },
    ]);
  });

  /** Healthy again with the nth request after the broken one. */
  const slowToRecover = (requests: number, delay = 0): Behaviour => {
    const left = new Map<number, number>();
    return async (visit) => {
      const page = await rightPage(visit);
      const more = left.get(visit.instance);
      if (page.board.error === true) left.set(visit.instance, requests);
      else if (more !== undefined) {
        if (delay > 0) await later(delay);
        left.set(visit.instance, more - 1);
        if (more > 1)
          return { body: { ...page, board: { data: [], error: true }, degraded: true } };
      }
      return { body: page };
    };
  };

  it('passes when it recovers in time, and tells how long it took', async () => {
    const cell = await passes({ service: slowToRecover(4), scenario: BROKEN_BOARD });
    expect(cell.recoveryMs).to.be.at.least(150);
  });

  it('fails when it recovers, but too late', async () => {
    const { cell } = await run({
      service: slowToRecover(1, 300),
      scenario: { ...BROKEN_BOARD, recovery: { within: '200ms' } },
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.recoveryMs).to.be.at.least(300);
    expect(gotOf(cell).map(({ pointer }) => pointer)).to.deep.equal(['recovery']);
  });

  it('fails when what it recovers to has another status', async () => {
    let broken = false;
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      broken ||= body.board.error === true;
      return { status: broken && body.board.error !== true ? 203 : 200, body };
    };
    const failures = await failuresOf({
      service,
      scenario: { ...BROKEN_BOARD, recovery: { within: '100ms' } },
    });
    expect(failures.at(-1)).to.deep.equal({ pointer: 'status', expected: 200, got: 203 });
  });

  it('fails when it dies under the fault', async () => {
    const { cell } = await run({
      scenario: BROKEN_BOARD,
      async service(visit) {
        const body = await rightPage(visit);
        if (body.board.error === true) await visit.die();
        return { body };
      },
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.reason).to.equal(
      'the service died under a fault: it fell over\nthe last thing it said',
    );
  });

  it('fails when it dies right after a right answer', async () => {
    const { cell } = await run({
      scenario: BROKEN_BOARD,
      async service(visit) {
        const body = await rightPage(visit);
        if (body.board.error === true) setImmediate(() => void visit.die());
        return { body };
      },
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.reason).to.match(/^the service died under a fault/);
  });

  it('does not keep an endless body', async () => {
    const service: Behaviour = async (visit) => {
      const body = await rightPage(visit);
      return { body: body.board.error === true ? ' '.repeat(70 * 1024 ** 2) : body };
    };
    const [first] = await failuresOf({
      service,
      contract: { budget: { baseline: '5s', degraded: '5s' } },
      scenario: BROKEN_BOARD,
    });
    expect(first?.got).to.match(/its body is larger than/);
  });
});

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

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
