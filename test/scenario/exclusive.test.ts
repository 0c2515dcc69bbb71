import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { CellResult } from '../../src/scenario/result.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { withOnlyOne } from '../../src/system/only-one.ts';
import { BASICS, BROKEN_BOARD, filesOf, load, SCENARIO } from './run-files.ts';
import { isolations, verdicts } from './run-on.ts';
import { runUrl } from './run-url.ts';
import { openWorld, rightPage, rightService, type Behaviour } from './service.ts';

/** The board is lost in two cells, one after the other. */
const TWICE = { ...BROKEN_BOARD, matrix: { n: [1, 2] }, tags: ['n${n}'] };

describe('cells that take turns on one service', () => {
  it('are what is left for a service that runs already and passes nothing on', async () => {
    const result = await runUrl(rightService, { scenario: TWICE });
    expect(verdicts(result)).to.deep.equal(both('passed'));
    expect(isolations(result)).to.deep.equal(both('exclusive'));
    for (const { exchanges, id } of result.cells) {
      expect(exchanges.map(({ run }) => run)).to.deep.equal([id, id]);
      expect(exchanges.filter(({ injected }) => injected.length > 0)).to.have.length(1);
    }
    expect(result).not.to.have.property('warnings');
  });

  it('say why where they were to share it', async () => {
    const result = await runUrl(rightService, { service: { stateless: true }, scenario: TWICE });
    expect(isolations(result)).to.deep.equal(both('exclusive'));
    expect(result.warnings).to.have.length(1);
    expect(result.warnings?.[0]).to.match(
      /^cells took turns on game: the service called stats\.\w+ without .*say isolation: exclusive\)$/,
    );
  });

  it('wait for a breaker that one of them has opened', async () => {
    // Longer than the recovery that is allowed: that is the first cell's failing alone.
    const result = await runUrl(withBreaker(700), {
      scenario: { ...TWICE, recovery: { within: '100ms' } },
    });
    const [first, second] = result.cells;
    expect(first).to.include({ verdict: 'failed' });
    expect(first?.failures[0]).to.include({ pointer: 'recovery', got: 'still not' });
    expect(second?.failures[0], 'its own failing, too').to.include({ pointer: 'recovery' });
    expect(second?.exchanges.filter(({ call }) => call === 'board')).to.have.length(1);
  });

  it('see it by the calls that are not made, where nothing but a status is known', async () => {
    const result = await runUrl(withBreaker(400), {
      files: {
        'scenario.yaml': { ...page('first', true), faults: BROKEN_BOARD.faults },
        'then.yaml': {
          ...page('second', false),
          faults: [{ on: 'stats.player', inject: { status: 503 } }],
        },
      },
    });
    expect(verdicts(result)).to.deep.equal({ first: 'passed', second: 'passed' });
  });

  it('are broken where the one before has left it ill for good, and say which', async () => {
    const result = await runUrl(withBreaker(60_000), {
      scenario: { ...TWICE, matrix: { n: [1, 2, 3] }, recovery: { within: '50ms' } },
    });
    const [, second, third] = result.cells;
    for (const cell of [second, third]) {
      expect(cell).to.include({ verdict: 'broken', isolation: 'exclusive' });
      expect(cell?.reason).to.match(
        /^the service is not well since "lost-board\[1\]", [\d.]+m?s after its faults were lifted: \/board\/error: expected false, got true/,
      );
    }
    // It is waited for once, for some two seconds.
    const since = (cell?: CellResult) => Number(/ ([\d.]+)s after/.exec(cell?.reason ?? '')?.[1]);
    expect(since(third) - since(second)).to.be.below(2);
  });

  it('are broken one by one where it died and does not start again, and none waits for ever', async () => {
    const suite = await load(filesOf({ ...TWICE, matrix: { n: [1, 2, 3] } }));
    await using world = await openWorld(async (visit) => {
      const page = await rightPage(visit);
      if (page.board.error === true) await visit.die();
      return page.board.error === true ? 'never' : { body: page };
    });
    const result = await runSuite({
      ...BASICS,
      suite,
      async openSystem() {
        const system = await world.openSystem();
        return withOnlyOne({
          ...system,
          start: (run, signal) =>
            world.started > 0
              ? Promise.reject(new Error('the service did not start: it is gone'))
              : system.start(run, signal),
        });
      },
    });
    expect(
      result.cells.map(({ verdict, reason }) => [verdict, reason?.slice(0, 37)]),
    ).to.deep.equal([
      ['failed', 'the service died under a fault: it fe'],
      ['broken', 'the service did not start: it is gone'],
      ['broken', 'the service did not start: it is gone'],
    ]);
    expect(await world.left()).to.deep.equal({ instances: 0, listeners: 0, rules: 0 });
  });

  it('do not count what the one before has left under way', async () => {
    // It asks for the player a while after its answer, and a request takes longer than that while.
    const service: Behaviour = async ({ call }) => {
      await call('/board');
      await sleep(120);
      setTimeout(() => void call('/player').catch(() => undefined), 80);
      return { body: {} };
    };
    const result = await runUrl(service, {
      files: {
        'scenario.yaml': {
          ...SCENARIO,
          use: ['./system.yaml'],
          matrix: { n: [1, 2, 3] },
          tags: ['n${n}'],
          faults: [{ on: 'stats.board', inject: { latency: '1ms' } }],
          steps: [{ get: '/late', expect: { status: 200, upstream: { player: { count: 0 } } } }],
        },
      },
    });
    expect(new Set(Object.values(verdicts(result)))).to.deep.equal(new Set(['passed']));
  });

  it('do not find what the one before has cached of a failure', async () => {
    const result = await runUrl(withCache(300), { scenario: TWICE });
    expect(verdicts(result)).to.deep.equal(both('passed'));
    for (const { recoveryMs } of result.cells) expect(recoveryMs).to.be.at.least(100);
  });
});

function both(what: string): Record<string, string> {
  return { 'lost-board[1]': what, 'lost-board[2]': what };
}

/** A scenario without a contract. */
function page(id: string, lost: boolean): object {
  const body = { '/board/error': lost };
  return { ...SCENARIO, id, use: ['./system.yaml'], steps: [{ get: '/page', expect: { body } }] };
}

/** One failure of the board, and it is not asked for a while. */
function withBreaker(ms: number): Behaviour {
  let openUntil = 0;
  return async ({ call }) => {
    const guarded = (path: string) => {
      if (path !== '/board') return call(path);
      if (performance.now() < openUntil) return Promise.reject(new Error('open'));
      return call(path).catch((error: unknown) => {
        openUntil = performance.now() + ms;
        throw error;
      });
    };
    return { body: await rightPage({ call: guarded }) };
  };
}

/** It keeps a failure for a while, and nothing else. */
function withCache(ms: number): Behaviour {
  let kept: { readonly until: number; readonly page: unknown } | undefined;
  return async (visit) => {
    if (kept && performance.now() < kept.until) return { body: kept.page };
    const page = await rightPage(visit);
    if (page.degraded === true) kept = { until: performance.now() + ms, page };
    return { body: page };
  };
}
