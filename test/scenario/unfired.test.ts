import { expect } from 'chai';
import { run } from './run-files.ts';
import { rightPage, rightService, twisted, type Behaviour } from './service.ts';

const onBoard = (more: object = {}) => ({
  faults: [{ on: 'stats.board', inject: { status: 503 }, ...more }],
});

describe('a planned fault that never fires', () => {
  it('makes the cell inconclusive, with the calls that were seen', async () => {
    const { cell, result } = await run({
      scenario: {
        faults: [{ on: 'stats.other', inject: { status: 503 } }],
        expect: { degraded: 'none' },
      },
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
    expect(cell.reason).to.equal(
      '/title: expected "Chess", got "Error"; and never fired: status on stats.board; calls that were seen: board ×1, player ×1',
    );
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

  it('limit-time fires on a connection that was open before, when it is in use as its time is over', async () => {
    const faults = [
      { on: 'stats', inject: { 'limit-time': '250ms' }, trigger: { first: 2 } },
      { on: 'stats', inject: { latency: '350ms' } },
    ];
    const { cell } = await run({ scenario: { faults } });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
    const cut = cell.exchanges.filter(({ injected }) =>
      injected.some(({ fault }) => fault === 'limit-time'),
    );
    expect(cut.map(({ method, end }) => [method, end])).to.deep.equal([
      [null, 'closed'],
      [null, 'closed'],
    ]);
  });

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
