import { expect } from 'chai';
import { gotOf, later } from './judged.ts';
import { now } from '../../src/scenario/judge/judge.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import type { System } from '../../src/system/system.ts';
import { BASICS, CONTRACT, filesOf, load, run, type RunOptions } from './run-files.ts';
import { openWorld, rightService, type Behaviour } from './service.ts';

const faults = [{ on: 'stats.board', inject: { status: 503 } }];
/** 20 requests. */
const SHORT = { rate: '100/s', for: '200ms' };

const underLoad = (
  during: object,
  more: Omit<RunOptions, 'scenario'> & { steps?: object[] } = {},
) => {
  const { steps, ...others } = more;
  return run({ ...others, scenario: { faults, during, ...(steps ? { steps } : {}) } });
};

describe('a load during a fault', () => {
  it('is sent beside the steps and judged, and its figures are in the result', async () => {
    let pages = 0;
    const { cell } = await underLoad(
      { load: SHORT, expect: { p50: '5s', p95: '5s', p99: '5s', max: '10s', errors: 0 } },
      {
        service(visit) {
          pages++;
          return rightService(visit);
        },
      },
    );
    expect(gotOf(cell)).to.deep.equal([]);
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
    expect(cell.load).to.include({ sent: 20, crowded: false });
    expect(cell.load).to.deep.include({ refused: {}, errors: {} });
    const { p50 = 0, p95 = 0, p99 = 0, max = 0 } = cell.load ?? {};
    expect([p50, p95, p99, max]).to.deep.equal([p50, p95, p99, max].sort((a, b) => a - b));
    expect(p50).to.be.above(0);
    expect(pages).to.be.at.least(20 + 3);
  });

  it('fires the faults, and needs no step that sends', async () => {
    const { cell } = await underLoad({ load: SHORT }, { steps: [{ wait: '1ms' }] });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
    expect(cell.exchanges.some(({ injected }) => injected.length > 0)).to.equal(true);
  });

  it('is too slow where its quantiles say so, each where it stands', async () => {
    let sent = 0;
    const { cell } = await underLoad(
      { load: { ...SHORT, get: '/slow' }, expect: { p50: '2s', p95: '50ms', max: '60ms' } },
      {
        async service(visit) {
          if (visit.path === '/slow' && ++sent % 4 === 0) await later(120);
          return rightService(visit);
        },
      },
    );
    expect(cell.verdict).to.equal('failed');
    expect(gotOf(cell).map(({ pointer, expected }) => ({ pointer, expected }))).to.deep.equal([
      { pointer: 'p95 of the load', expected: 'at most 50ms' },
      { pointer: 'max of the load', expected: 'at most 60ms' },
    ]);
    const [first, second] = cell.failures.map(({ at }) => at);
    expect(first)
      .to.match(/scenario\.yaml:\d+:\d+$/)
      .and.not.equal(second);
  });

  it('counts as errors what has no answer, or one of 500 and above; none may be unless said', async () => {
    let sent = 0;
    const upgrade = { status: 101, headers: { connection: 'upgrade', upgrade: 'x' }, body: '' };
    const service: Behaviour = async (visit) => {
      if (visit.path !== '/bad') return rightService(visit);
      sent++;
      if (sent % 20 === 1) return upgrade;
      return { status: [200, 200, 503][sent % 20] ?? 200, body: '' };
    };
    const bad = { ...SHORT, get: '/bad' };
    const { cell } = await underLoad({ load: bad }, { service });
    expect(cell.verdict).to.equal('failed');
    expect(gotOf(cell)).to.deep.equal([
      {
        pointer: 'errors of the load',
        expected: 'at most 0',
        got: '2 of 20: 503 ×1, the connection failed: it ended without an answer ×1',
      },
    ]);
    sent = 0;
    const allowed = await underLoad({ load: bad, expect: { errors: 2 } }, { service });
    expect(allowed.cell.verdict, allowed.cell.reason ?? '').to.equal('passed');
  });

  it('is inconclusive where its rate was not reached, or it asked for nothing that is there', async () => {
    const slow = await underLoad(
      { load: { rate: '100/s', for: '200ms', get: '/slow', connections: 1 } },
      {
        async service(visit) {
          if (visit.path === '/slow') await later(50);
          return rightService(visit);
        },
      },
    );
    expect(slow.cell.verdict).to.equal('inconclusive');
    expect(slow.cell.reason).to.match(
      /^the load came to \d+\.\d of 100 requests a second: as many as may wait for their answers at once did \(connections: 1\)$/,
    );
    const lost = await underLoad(
      { load: { ...SHORT, get: '/lost' } },
      {
        service: async (visit) =>
          visit.path === '/lost' ? { status: 404, body: '' } : rightService(visit),
      },
    );
    expect(lost.cell.verdict).to.equal('inconclusive');
    expect(lost.cell.reason).to.equal(
      '20 of 20 requests of the load were answered by 400 to 499, so they asked nothing of the service: 404 ×20',
    );
  });

  it('is inconclusive where more than 1 % was answered by 400 to 499, and says by what', async () => {
    let sent = 0;
    const limited = (statuses: readonly number[]) => {
      sent = 0;
      return underLoad(
        { load: { rate: '500/s', for: '400ms', get: '/limited' } },
        {
          service: async (visit) =>
            visit.path === '/limited'
              ? { status: statuses[sent++] ?? 204, body: '' }
              : rightService(visit),
        },
      );
    };
    const { cell } = await limited([404, 429, 429]);
    expect(cell.verdict).to.equal('inconclusive');
    expect(cell.reason).to.equal(
      '3 of 200 requests of the load were answered by 400 to 499, so they asked nothing of the service: 429 ×2, 404 ×1',
    );
    expect(cell.load).to.deep.include({ sent: 200, refused: { 404: 1, 429: 2 }, errors: {} });
    const few = await limited([404, 429]);
    expect(few.cell.verdict, few.cell.reason ?? '').to.equal('passed');
  });

  it('leaves attempts unjudged: whose they are is not known', async () => {
    const calls = { ...CONTRACT.calls, board: { ...CONTRACT.calls.board, attempts: { max: 1 } } };
    const { cell } = await underLoad(
      { load: { rate: '1000/s', for: '300ms' } },
      { contract: { calls }, steps: [{ wait: '20ms' }, { send: 'page', repeat: 3 }] },
    );
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
  });

  it('knows what has fired, though the journal has dropped it by the end', async () => {
    const trigger = { first: 1 };
    const scenario = {
      faults: [{ ...faults[0], trigger }],
      during: { load: { rate: '50/s', for: '1s' } },
      steps: [{ wait: '1ms' }],
    };
    const suite = await load(filesOf(scenario));
    await using world = await openWorld(rightService);
    const system = await world.openSystem();
    const control: System['control'] = {
      ...system.control,
      async journal(query) {
        const page = await system.control.journal(query);
        const entries = page.entries.filter(({ at }) => at > now() - 400);
        return { ...page, entries, overflowed: true };
      },
    };
    const openSystem = () => Promise.resolve({ ...system, control });
    const { cells } = await runSuite({ ...BASICS, suite, openSystem });
    expect(cells[0]?.verdict, cells[0]?.reason ?? '').to.equal('passed');
  });

  it('has no other cell beside it', async () => {
    const { result, events } = await run({
      scenario: { faults, matrix: { n: [1, 2, 3] }, tags: ['n${n}'] },
      files: {
        'loads.yaml': {
          ...filesOf({ faults, matrix: { n: [1, 2] }, tags: ['n${n}'], during: { load: SHORT } })[
            'scenario.yaml'
          ],
          id: 'a-load',
        },
      },
    });
    expect(result.counts.passed).to.equal(5);
    const order = events.flatMap((event) =>
      event.type === 'cell:start'
        ? [`+${event.id}`]
        : event.type === 'cell:end'
          ? [`-${event.cell.id}`]
          : [],
    );
    expect(order.slice(-4)).to.deep.equal(['+a-load[1]', '-a-load[1]', '+a-load[2]', '-a-load[2]']);
  });

  it('ends at once where the run is interrupted', async () => {
    const stop = new AbortController();
    let pages = 0;
    const { result } = await underLoad(
      { load: { rate: '100/s', for: '1m' } },
      {
        service(visit) {
          if (++pages === 20) stop.abort();
          return rightService(visit);
        },
        signal: stop.signal,
      },
    );
    expect(result.exit).to.equal(130);
  });
});
