import { expect } from 'chai';
import { BROKEN_BOARD, SCENARIO, SYSTEM } from './run-files.ts';
import { isolations, runOn, STATELESS, verdicts } from './run-on.ts';
import {
  passingOn,
  rightPage,
  rightService,
  twisted,
  type Behaviour,
  type Page,
} from './service.ts';

const MANY = {
  matrix: {
    call: ['board', 'player'],
    fault: [
      { status: 503 },
      { status: 404 },
      'reset',
      'hang',
      'malformed-json',
      { latency: '1ms' },
    ],
  },
  faults: [{ on: 'stats.${call}', inject: '${fault}' }],
  expect: { degraded: 'either' },
};

describe('cells of a service that keeps nothing and passes baggage on', () => {
  it('share one instance, and come to what they come to alone', async () => {
    // It shows half a board, and is late to say so, after one fault only.
    const service = passingOn(
      twisted((page: Page, { path }) => (path === '/page' ? half(page) : page)),
    );
    const alone = await runOn(service, SYSTEM, { scenario: MANY });
    const shared = await runOn(service, STATELESS, { scenario: MANY });
    expect(shared.started, 'one to learn from, one for all cells').to.equal(2);
    expect(alone.started).to.be.at.least(13);
    expect(verdicts(shared.result)).to.deep.equal(verdicts(alone.result));
    expect(new Set(Object.values(verdicts(shared.result)))).to.include.keys('passed', 'failed');
    for (const { isolation, exchanges, id } of shared.result.cells) {
      expect(isolation, id).to.equal('baggage');
      // Where this process stood still, it came a second time.
      for (const { run } of exchanges) expect(run?.replace(/ \(\d\)$/, '')).to.equal(id);
    }
    for (const { isolation } of alone.result.cells) expect(isolation).to.equal('instance');
    expect(shared.result).not.to.have.property('warnings');
  });

  it('get an instance of their own where their setup or teardown judges a log', async () => {
    const reads = [{ get: '/page', expect: { log: { contains: 'oh', count: 0 } } }];
    for (const more of [{ setup: reads }, { teardown: reads }]) {
      const { result } = await runOn(passingOn(rightService), STATELESS, {
        scenario: { ...BROKEN_BOARD, ...more },
      });
      expect(isolations(result)).to.deep.equal({ 'lost-board': 'instance' });
    }
  });

  it('see nothing of each other’s faults while those stand', async () => {
    const { result, started } = await runOn(passingOn(rightService), STATELESS, {
      scenario: {
        matrix: { n: [1, 2, 3, 4, 5, 6] },
        steps: [
          { get: '/page?${n}', expect: { status: 200 } },
          {
            send: 'page',
            repeat: 5,
            expect: {
              degraded: ['board'],
              upstream: { board: { count: 1, faulted: 1 }, player: { count: 1, faulted: 0 } },
            },
          },
        ],
        ...BROKEN_BOARD,
      },
      files: {
        'healthy.yaml': {
          ...SCENARIO,
          id: 'healthy',
          steps: [{ send: 'page', repeat: 20, expect: { degraded: 'none' } }],
          faults: [{ on: 'stats.player', inject: { latency: '1ms' } }],
        },
      },
    });
    expect(started).to.equal(2);
    expect(result.cells.filter(({ verdict }) => verdict !== 'passed')).to.deep.equal([]);
  });

  it('are known by ids of any length and in any letters', async () => {
    const { result } = await runOn(passingOn(rightService), STATELESS, {
      scenario: {
        ...BROKEN_BOARD,
        matrix: { x: ['é, "ß" = 漢字;%', 'x'.repeat(500)] },
        tags: ['${x}'],
      },
    });
    expect(result.cells.map(({ verdict, isolation }) => `${verdict} ${isolation}`)).to.deep.equal([
      'passed baggage',
      'passed baggage',
    ]);
  });

  it('have an instance of their own where they break connections, or stop an upstream', async () => {
    const { result } = await runOn(passingOn(rightService), STATELESS, {
      scenario: {
        matrix: { fault: ['refuse', { reset: 'accept' }, 'hang', { status: 503 }] },
        faults: [{ on: 'stats', inject: '${fault}' }],
        expect: { degraded: 'either' },
      },
      files: {
        'stopped.yaml': {
          ...SCENARIO,
          id: 'stopped',
          steps: [{ stop: 'stats' }, { send: 'page' }, { start: 'stats' }],
        },
      },
    });
    expect(isolations(result)).to.deep.equal({
      'lost-board[refuse]': 'instance',
      'lost-board[reset:accept]': 'instance',
      'lost-board[hang]': 'instance',
      'lost-board[status:503]': 'baggage',
      stopped: 'instance',
    });
    expect(result.counts).to.include({ passed: 5 });
  });

  it('have an instance of their own where nothing they ask can be asked beforehand', async () => {
    const { result } = await runOn(passingOn(rightService), STATELESS, {
      scenario: {
        ...BROKEN_BOARD,
        use: ['./system.yaml'],
        steps: [{ post: '/page', expect: { status: 200 } }],
      },
    });
    expect(isolations(result)).to.deep.equal({ 'lost-board': 'instance' });
    expect(result).not.to.have.property('warnings');
  });

  it('have an instance each where the system file says nothing of that, or asks for it', async () => {
    for (const system of [SYSTEM, { ...STATELESS, isolation: 'instance' }]) {
      const { result } = await runOn(passingOn(rightService), system, { scenario: BROKEN_BOARD });
      expect(isolations(result)).to.deep.equal({ 'lost-board': 'instance' });
    }
  });

  it('are not blamed for a death that another has caused', async () => {
    // It dies of a board that is not found.
    const service = passingOn(async (visit) => {
      const page = await rightPage({
        call: (path) =>
          visit.call(path, 400).catch(async (error: Error) => {
            if (error.message.startsWith('418')) await visit.die();
            throw error;
          }),
      });
      return { body: page };
    });
    const { result } = await runOn(service, STATELESS, {
      scenario: {
        matrix: { code: [418, 503, 500, 502] },
        faults: [{ on: 'stats.board', inject: { status: '${code}' } }],
      },
    });
    const { 'lost-board[418]': killer, ...others } = verdicts(result);
    expect(killer).to.equal('failed');
    expect(result.cells[0]?.reason).to.match(/^the service died under a fault/);
    expect(Object.values(others)).to.deep.equal(['passed', 'passed', 'passed']);
  });
});

describe('each request of a cell', () => {
  it('begins a trace and says which cell it belongs to, beside what the scenario says', async () => {
    const seen: { trace: unknown; baggage: unknown; path: string }[] = [];
    const service: Behaviour = (visit) => {
      const { traceparent: trace, baggage } = visit.headers;
      seen.push({ trace, baggage, path: visit.path });
      return passingOn(rightService)(visit);
    };
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await runOn(service, STATELESS, {
      scenario: {
        ...BROKEN_BOARD,
        steps: [
          { send: 'page' },
          { get: '/own', headers: { Baggage: 'a=1', TraceParent: trace }, expect: { status: 200 } },
        ],
      },
    });
    const own = seen.filter(({ path }) => path === '/own').at(-1);
    expect(own).to.deep.equal({ path: '/own', trace, baggage: 'a=1,brownout.run=lost-board' });
    const pages = seen.filter(({ path }) => path === '/page');
    expect(pages.at(-1)?.baggage).to.equal('brownout.run=lost-board');
    expect(new Set(pages.map(({ baggage }) => baggage))).to.include('brownout.run=the%20baseline');
    for (const { trace } of pages) expect(trace).to.match(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(new Set(pages.map(({ trace }) => trace)).size).to.equal(pages.length);
  });
});

function half(page: Page): Page {
  const { board } = page;
  return board.error === true && page.player.error === false
    ? { ...page, board: { data: [{ user: 'nobody' }], error: true } }
    : page;
}
