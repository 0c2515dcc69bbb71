import { expect } from 'chai';
import { getEventListeners } from 'node:events';
import { BrownoutError } from '../../src/common/errors.ts';
import { exitOf, worstOf } from '../../src/scenario/exit.ts';
import { runSuite } from '../../src/scenario/run.ts';
import { selectCells } from '../../src/scenario/select.ts';
import { BROKEN_BOARD, CONTRACT, load, run, SCENARIO, SYSTEM } from './run-files.ts';
import { openWorld, rightPage, rightService, twisted, type Behaviour } from './service.ts';

const onBoard = (more: object = {}) => ({
  faults: [{ on: 'stats.board', inject: { status: 503 }, ...more }],
});

describe('a planned fault that never fires', () => {
  it('makes the cell inconclusive, with the calls that were seen', async () => {
    const { cell, result } = await run({
      scenario: { faults: [{ on: 'stats.other', inject: { status: 503 } }] },
    });
    expect(cell.verdict).to.equal('inconclusive');
    expect(cell.reason).to.equal(
      'never fired: status on stats.other; calls that were seen: board ×1, player ×1',
    );
    expect(result).to.include({ verdict: 'inconclusive', exit: 5 });
  });

  it('is inconclusive when the service makes no call at all', async () => {
    const { cell } = await run({
      scenario: onBoard(),
      service: async () => ({
        body: {
          board: { data: [1], error: false },
          player: { data: {}, error: false },
          degraded: false,
        },
      }),
    });
    expect(cell.verdict).to.equal('inconclusive');
    expect(cell.reason).to.match(/the service made no call$/);
  });

  it('leaves what is expected of its call unjudged, flag, data and overall', async () => {
    const flagged = { data: [], error: true };
    const service = twisted((page, { ordinal, instance }) =>
      instance > 1 && ordinal === 2 ? { ...page, board: flagged, degraded: true } : page,
    );
    const { cell } = await run({ service, scenario: onBoard({ trigger: { nth: 9 } }) });
    expect(cell.failures).to.deep.equal([]);
    expect(cell.verdict).to.equal('inconclusive');
  });

  it('does not hide another failure', async () => {
    const service = twisted((page, { ordinal, instance }) => ({
      ...page,
      title: instance > 1 && ordinal === 2 ? 'Error' : page.title,
    }));
    const { cell } = await run({ service, scenario: onBoard({ trigger: { nth: 9 } }) });
    expect(cell.verdict).to.equal('failed');
    expect(cell.reason).to.equal('/title: expected "Chess", got "Error"');
  });

  it('is not made up for by another fault of the same rule', async () => {
    const inject = [{ latency: '1ms' }, { status: 503 }, { hang: 'headers', for: '1ms' }, 'reset'];
    const { cell } = await run({ scenario: { faults: [{ on: 'stats.board', inject }] } });
    expect(cell.verdict).to.equal('inconclusive');
    expect(cell.reason).to.match(/^never fired: hang on stats\.board/);
  });

  it('is not made up for by the same fault in another phase', async () => {
    const inject = [
      { latency: '1ms', at: 'request' },
      { reset: 'headers' },
      { latency: '1ms', at: 'body' },
    ];
    const { cell } = await run({ scenario: { faults: [{ on: 'stats.board', inject }] } });
    expect(cell.reason).to.match(/^never fired: latency on stats\.board/);
  });

  it('is not made up for by a call outside of the request', async () => {
    const after: Behaviour = async (visit) => {
      const { board: _, ...page } = await rightPage({
        call: async (path) => (path === '/board' ? [] : visit.call(path)),
      });
      // The call is made when the answer has come already.
      setTimeout(() => void visit.call('/board').catch(() => undefined), 30);
      return { body: { ...page, board: { data: [], error: false } } };
    };
    const { cell } = await run({
      service: after,
      scenario: {
        faults: [{ on: 'stats.board', inject: { status: 503 } }],
        expect: { degraded: 'none' },
      },
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('inconclusive');
  });

  for (const inject of ['reset', 'close']) {
    it(`is not made up for by connections that were open before (${inject})`, async () => {
      const cached = new Map<number, unknown>();
      const service: Behaviour = async (visit) => {
        const body = cached.get(visit.instance) ?? (await rightPage(visit));
        cached.set(visit.instance, body);
        return { body };
      };
      const { cell } = await run({
        service,
        scenario: { faults: [{ on: 'stats', inject }], expect: { degraded: 'none' } },
      });
      expect(cell.exchanges.flatMap(({ injected }) => injected).length).to.be.greaterThan(0);
      expect(cell.verdict, cell.reason ?? '').to.equal('inconclusive');
    });
  }

  it('refuse: a port that the request never goes to proves nothing', async () => {
    const page = {
      board: { data: [1], error: false },
      player: { data: { a: 1 }, error: false },
      degraded: false,
    };
    const { cell } = await run({
      service: async () => ({ body: page }),
      scenario: { faults: [{ on: 'stats', inject: 'refuse' }], expect: { degraded: 'none' } },
    });
    expect(cell.verdict).to.equal('inconclusive');
    expect(cell.reason).to.match(/^never fired: refuse on stats \(no request was sent under it/);
  });

  it('refuse: another request that does not call the upstream proves nothing', async () => {
    const service: Behaviour = async (visit) =>
      visit.path === '/health' ? { body: 'ok' } : rightService(visit);
    const steps = [
      { stop: 'stats' },
      { get: '/health', expect: { status: 200 } },
      { start: 'stats' },
      { send: 'page' },
    ];
    const { cell } = await run({ service, scenario: { steps } });
    expect(cell.verdict).to.equal('inconclusive');
    const sent = [
      ...steps.slice(0, 1),
      { send: 'page', expect: { degraded: ['board', 'player'] } },
    ];
    expect((await run({ service, scenario: { steps: sent } })).cell.verdict).to.equal('passed');
  });
});

describe('a baseline', () => {
  const broken: Record<string, [Behaviour, string]> = {
    'answers 500': [async (visit) => ({ status: 500, body: await rightPage(visit) }), 'status'],
    'has a flag raised': [
      twisted((page) => ({ ...page, board: { data: [], error: true } })),
      '/board/error',
    ],
    'has no flag': [twisted((page) => ({ ...page, board: { data: [] } })), '/board/error'],
    'has a leak': [twisted((page) => ({ ...page, at: 'node_modules/x' })), 'body'],
    'never answers': [async () => 'never', 'status'],
    'is no JSON': [async () => ({ body: 'hello' }), 'body'],
  };
  for (const [what, [service, pointer]] of Object.entries(broken)) {
    it(`is broken when it ${what}`, async () => {
      const { cell, result } = await run({
        service,
        contract: { never: ['node_modules'] },
        scenario: BROKEN_BOARD,
      });
      expect(cell.verdict).to.equal('broken');
      expect(cell.reason).to.equal('the baseline did not hold before any fault');
      expect(cell.failures.map((failure) => failure.pointer)).to.deep.equal([pointer]);
      expect(result).to.include({ verdict: 'broken', exit: 4 });
    });
  }

  it('is broken when it is over its budget', async () => {
    const { cell } = await run({
      contract: { budget: { baseline: '20ms', degraded: '500ms' } },
      scenario: BROKEN_BOARD,
      async service(visit) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        return rightService(visit);
      },
    });
    expect(cell.verdict).to.equal('broken');
    expect(cell.failures[0]).to.deep.include({ pointer: 'time', expected: 'at most 20ms' });
  });

  it('may be late once, when its instance has just started', async () => {
    const { cell } = await run({
      contract: { budget: { baseline: '100ms', degraded: '500ms' } },
      scenario: BROKEN_BOARD,
      async service(visit) {
        if (visit.ordinal === 1) await new Promise((resolve) => setTimeout(resolve, 150));
        return rightService(visit);
      },
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
  });

  it('is inconclusive when it changes, and names the pointers', async () => {
    const service = twisted((page, { ordinal }) => ({ ...page, 'a/b': ordinal, c: [ordinal] }));
    const { cell, result } = await run({ service, scenario: BROKEN_BOARD });
    expect(cell.verdict).to.equal('inconclusive');
    expect(cell.reason).to.contain('name /a~1b, /c/0 under volatile');
    expect(result.exit).to.equal(5);
  });

  it('is broken when one instance answers otherwise than another', async () => {
    const service = twisted((page, { instance }) => ({ ...page, title: `No. ${instance}` }));
    const { cell } = await run({ service, scenario: BROKEN_BOARD });
    expect(cell.verdict).to.equal('broken');
    expect(cell.failures[0]).to.deep.include({
      pointer: '/title',
      expected: 'No. 1',
      got: 'No. 2',
    });
  });

  it('is learnt once for all cells', async () => {
    let onFirst = 0;
    const { result } = await run({
      scenario: { ...BROKEN_BOARD, matrix: { n: [1, 2, 3, 4, 5] } },
      service(visit) {
        if (visit.instance === 1) onFirst++;
        return rightService(visit);
      },
    });
    expect(result.counts.passed).to.equal(5);
    expect(onFirst).to.equal(4);
  });

  it('belongs to its contract, not to the contract’s name', async () => {
    const { result } = await run({
      scenario: BROKEN_BOARD,
      service: twisted((page, { path }) => ({ ...page, title: path })),
      files: {
        'other/contract.yaml': { ...CONTRACT, request: { get: '/other-page' } },
        'other/scenario.yaml': {
          ...SCENARIO,
          ...BROKEN_BOARD,
          id: 'other',
          use: ['../system.yaml', './contract.yaml'],
        },
      },
    });
    expect(result.counts.passed).to.equal(2);
  });

  it('is not touched by the faults of a cell that is called as it is', async () => {
    const { result } = await run({
      scenario: { id: 'baseline', ...BROKEN_BOARD, faults: [{ on: 'stats', inject: 'refuse' }] },
      files: { 'b.yaml': { ...SCENARIO, ...BROKEN_BOARD, id: 'b' } },
    });
    expect(result.counts.passed).to.equal(2);
  });
});

describe('a service that cannot be judged', () => {
  it('is broken with its log when it does not start', async () => {
    const suite = await load(filesOf({ ...BROKEN_BOARD, matrix: { n: [1, 2] } }));
    const why = 'the service did not start: it ended with code 1\nno database';
    await using world = await openWorld(rightService);
    const result = await runSuite({
      ...basics,
      suite,
      openSystem: async () => ({
        ...(await world.openSystem()),
        start: () => Promise.reject(new BrownoutError('not_ready', why)),
      }),
    });
    expect(result.cells.map(({ verdict, reason }) => ({ verdict, reason }))).to.deep.equal([
      { verdict: 'broken', reason: why },
      { verdict: 'broken', reason: why },
    ]);
    expect(result.exit).to.equal(4);
  });

  const identities = { ada: { post: '/login', json: { user: 'ada' }, token: '/token' } };
  const logins: Record<string, [object, string]> = {
    'is refused': [{ status: 401, body: { token: 'x' } }, '401 {"token":"x"}'],
    'gives no token': [{ body: { tokens: [] } }, '200 {"tokens":[]}'],
    'gives an empty token': [{ body: { token: '' } }, '200 {"token":""}'],
  };
  for (const [what, [reply, why]] of Object.entries(logins)) {
    it(`is broken when a login ${what}`, async () => {
      const { cell } = await run({
        system: { identities },
        scenario: BROKEN_BOARD,
        service: async (visit) =>
          visit.path === '/login' ? { body: '', ...reply } : rightService(visit),
      });
      expect(cell.verdict).to.equal('broken');
      expect(cell.reason).to.equal(`the identity "ada" could not log in: ${why}`);
    });
  }

  it('is asked with the token of an identity that logged in once', async () => {
    const seen: string[] = [];
    let logins = 0;
    const { cell } = await run({
      system: { identities },
      contract: { request: { get: '/page', as: 'ada' } },
      scenario: BROKEN_BOARD,
      async service(visit) {
        if (visit.path === '/login') {
          logins++;
          expect(visit).to.include({ method: 'POST', body: '{"user":"ada"}' });
          return { body: { token: 'secret' } };
        }
        seen.push(visit.headers.authorization ?? '');
        return rightService(visit);
      },
    });
    expect(cell.verdict).to.equal('passed');
    expect(logins).to.equal(1);
    expect(new Set(seen)).to.deep.equal(new Set(['Bearer secret']));
    expect(cell.curl).to.equal('curl -i -H "authorization: Bearer $TOKEN" "$SERVICE"/page');
  });

  it('is inconclusive when the journal overflows', async () => {
    const suite = await load(filesOf(BROKEN_BOARD));
    await using world = await openWorld(rightService);
    const system = await world.openSystem();
    const control: typeof system.control = {
      ...system.control,
      journal: async (query) => ({ ...(await system.control.journal(query)), overflowed: true }),
    };
    const openSystem = () => Promise.resolve({ ...system, control });
    const { cells } = await runSuite({ ...basics, suite, openSystem });
    expect(cells[0]).to.include({ verdict: 'inconclusive', reason: 'the journal overflowed' });
  });

  it('is broken when a fault cannot be armed', async () => {
    const suite = await load(filesOf(BROKEN_BOARD));
    await using world = await openWorld(rightService);
    const system = await world.openSystem();
    const control = { ...system.control, add: () => Promise.reject(new Error('no way')) };
    const openSystem = () => Promise.resolve({ ...system, control });
    const { cells } = await runSuite({ ...basics, suite, openSystem });
    expect(cells[0]).to.include({ verdict: 'broken', reason: 'no way' });
    expect((await world.left()).instances).to.equal(0);
  });
});

describe('an interrupted run', () => {
  for (const phase of ['baseline', 'fault'] as const) {
    it(`puts everything back and says so (in the ${phase})`, async () => {
      const stop = new AbortController();
      const { result, events } = await run({
        signal: stop.signal,
        scenario: {
          matrix: { n: Array.from({ length: 20 }, (_, i) => i) },
          faults: [{ on: 'stats', inject: 'hang' }],
          steps: [{ wait: '30s' }, { send: 'page' }],
        },
        on(event) {
          if (event.type === 'cell:phase' && event.phase === phase) stop.abort();
        },
      });
      expect(result).to.include({ verdict: 'interrupted', exit: 130 });
      expect(result.cells).to.deep.equal([]);
      expect(events.at(-1)?.type).to.equal('run:end');
      expect(listeners(stop.signal)).to.equal(0);
    });
  }

  it('while a request waits for an answer', async () => {
    const stop = new AbortController();
    const { result } = await run({
      signal: stop.signal,
      scenario: BROKEN_BOARD,
      async service() {
        stop.abort();
        return 'never';
      },
    });
    expect(result.verdict).to.equal('interrupted');
    expect(listeners(stop.signal)).to.equal(0);
  });
});

describe('a run', () => {
  it('tells its events in their order', async () => {
    const { events, result } = await run({ scenario: BROKEN_BOARD });
    expect(
      events.map((event) => (event.type === 'cell:phase' ? event.phase : event.type)),
    ).to.deep.equal([
      'run:start',
      'cell:start',
      'baseline',
      'fault',
      'recovery',
      'cell:end',
      'run:end',
    ]);
    expect(events.at(-1)).to.deep.equal({ type: 'run:end', result });
    expect(result).to.deep.include({
      version: 1,
      seed: 'seed',
      startedAt: '1970-01-01T00:00:00.000Z',
      counts: { passed: 1, failed: 0, broken: 0, inconclusive: 0, leftOut: 0 },
    });
  });

  it('quotes what a shell would take apart', async () => {
    const { cell } = await run({ scenario: { ...BROKEN_BOARD, matrix: { x: ["it's; rm"] } } });
    expect(cell.replay).to.contain(`--id 'lost-board[it'\\''s; rm]' --seed seed`);
  });

  it('of three systems starts each of them', async () => {
    const more = ['chess', 'go'].map((name) => ({
      [`${name}/system.yaml`]: { ...SYSTEM, system: name },
      [`${name}/scenario.yaml`]: {
        ...SCENARIO,
        ...BROKEN_BOARD,
        id: name,
        use: ['./system.yaml', '../contract.yaml'],
      },
    }));
    const { result } = await run({ scenario: BROKEN_BOARD, files: Object.assign({}, ...more) });
    expect(result.cells.map(({ id }) => id)).to.deep.equal(['chess', 'go', 'lost-board']);
    expect(result.counts.passed).to.equal(3);
  });

  it('under another system leaves the others out and counts them', async () => {
    const { result } = await run({
      scenario: { ...BROKEN_BOARD, matrix: { n: [1, 2] } },
      override: 'chess/staging.yaml',
      files: {
        'chess/staging.yaml': { ...SYSTEM, system: 'chess' },
        'chess/system.yaml': { ...SYSTEM, system: 'chess' },
        'chess/scenario.yaml': {
          ...SCENARIO,
          ...BROKEN_BOARD,
          id: 'chess',
          use: ['./system.yaml', '../contract.yaml'],
        },
      },
    });
    expect(result.cells.map(({ id, verdict }) => ({ id, verdict }))).to.deep.equal([
      { id: 'chess', verdict: 'passed' },
    ]);
    expect(result.counts.leftOut).to.equal(2);
    expect(result.cells[0]?.replay).to.match(/ --system \S+chess\/staging\.yaml --id chess /);
  });

  it('that tested nothing is inconclusive', async () => {
    const { result } = await run({
      scenario: BROKEN_BOARD,
      override: 'chess.yaml',
      files: { 'chess.yaml': { ...SYSTEM, system: 'chess' } },
    });
    expect(result).to.include({ verdict: 'inconclusive', exit: 5 });
    expect(result.counts.leftOut).to.equal(1);
  });

  it('rejects when it cannot put back what was judged already', async () => {
    const suite = await load(filesOf(BROKEN_BOARD));
    await using world = await openWorld(rightService);
    const ends: string[] = [];
    const failing = runSuite({
      ...basics,
      suite,
      on: ({ type }) => void ends.push(type),
      openSystem: async () => ({
        ...(await world.openSystem()),
        [Symbol.asyncDispose]: () => Promise.reject(new Error('it does not end')),
      }),
    });
    expect(await failing.catch((error: Error) => error.message)).to.equal('it does not end');
    expect(ends.filter((type) => type === 'cell:end')).to.have.length(1);
  });
});

describe('exit codes', () => {
  it('are those of the verdicts', () => {
    const verdicts = ['passed', 'failed', 'broken', 'inconclusive', 'interrupted'] as const;
    expect(verdicts.map(exitOf)).to.deep.equal([0, 1, 4, 5, 130]);
  });

  it('the worst of all cells is that of the run: broken, failed, inconclusive, passed', () => {
    expect(worstOf(['passed', 'inconclusive', 'failed', 'broken'])).to.equal('broken');
    expect(worstOf(['passed', 'inconclusive', 'failed'])).to.equal('failed');
    expect(worstOf(['passed', 'inconclusive'])).to.equal('inconclusive');
    expect(worstOf(['passed'])).to.equal('passed');
    expect(worstOf([])).to.equal('inconclusive');
  });
});

describe('a selection', () => {
  it('takes cells by tag, by a part of id or sentence, and by id', async () => {
    const { cells } = await load({
      ...filesOf({ tags: ['smoke'] }),
      'b.yaml': { ...SCENARIO, id: 'b', scenario: 'Another one', tags: ['slow'] },
    });
    const ids = (selection: Parameters<typeof selectCells>[1]) =>
      selectCells(cells, selection).map(({ id }) => id);
    expect(ids({})).to.deep.equal(['b', 'lost-board']);
    expect(ids({ tag: ['smoke', 'x'] })).to.deep.equal(['lost-board']);
    expect(ids({ grep: 'Another' })).to.deep.equal(['b']);
    expect(ids({ grep: 'board' })).to.deep.equal(['lost-board']);
    expect(ids({ id: 'b' })).to.deep.equal(['b']);
  });

  it('of nothing is an error that helps', async () => {
    const { cells } = await load(filesOf({ tags: ['smoke'] }));
    expect(() => selectCells(cells, { id: 'lost-bored' }))
      .to.throw(BrownoutError, 'no cell has the id "lost-bored", did you mean "lost-board"?')
      .with.property('code', 'nothing_selected');
    expect(() => selectCells(cells, { tag: ['smok'] })).to.throw('the tags are smoke');
    expect(() => selectCells(cells, { grep: 'zzz' })).to.throw('none of the 1 cells is selected');
  });
});

const basics = {
  seed: 'seed',
  on: () => undefined,
  signal: new AbortController().signal,
  startedAt: new Date(0),
};

function filesOf(scenario: object) {
  return {
    'system.yaml': SYSTEM,
    'contract.yaml': CONTRACT,
    'scenario.yaml': { ...SCENARIO, ...scenario },
  };
}

function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}
