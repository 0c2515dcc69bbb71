import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { BROKEN_BOARD, SCENARIO } from './run-files.ts';
import { isolations, verdicts } from './run-on.ts';
import { runUrl } from './run-url.ts';
import { passingOn, rightPage, type Behaviour } from './service.ts';

const STATELESS = { service: { stateless: true } };

describe('cells of which some may share a service and others must have it alone', () => {
  it('are kept apart in time', async () => {
    const { service, visits } = watched(passingOn);
    const result = await runUrl(service, {
      ...STATELESS,
      scenario: {
        matrix: { fault: [{ latency: '40ms' }, { status: 503 }, 'reset', 'hang', 'refuse'] },
        faults: [{ on: 'stats', inject: '${fault}' }],
        expect: { degraded: 'either' },
      },
      files: { 'board.yaml': { ...SCENARIO, ...BROKEN_BOARD, id: 'board' } },
    });
    expect(new Set(Object.values(verdicts(result)))).to.deep.equal(new Set(['passed']));
    expect(isolations(result)).to.deep.equal({
      board: 'baggage',
      'lost-board[latency:40ms]': 'baggage',
      'lost-board[status:503]': 'baggage',
      'lost-board[reset]': 'exclusive',
      'lost-board[hang]': 'exclusive',
      'lost-board[refuse]': 'exclusive',
    });
    for (const { id, isolation } of result.cells)
      if (isolation === 'exclusive') expect(besides(visits, id), id).to.deep.equal([]);
  });

  it('are run again while no other runs, where one turns out not to share', async () => {
    // Its second try, which only a fault brings about, says nothing of whose it is.
    const { service, visits } = watched((behaviour) =>
      passingOn((visit) =>
        behaviour({
          ...visit,
          call: (path) =>
            visit.call(path).catch(() => visit.call(path, 400, { baggage: 'lost=1' })),
        }),
      ),
    );
    const result = await runUrl(service, {
      ...STATELESS,
      scenario: { ...BROKEN_BOARD, matrix: { n: [1, 2, 3, 4, 5, 6] }, tags: ['n${n}'] },
    });
    for (const { id, verdict, isolation, attempts, reason } of result.cells) {
      expect({ verdict, isolation, attempts }, id).to.deep.equal({
        verdict: 'passed',
        isolation: 'exclusive',
        attempts: 2,
      });
      expect(reason).to.match(/^run again alone, for the service called stats\.board without/);
      expect(besides(visits, `${id} (2)`), id).to.deep.equal([]);
    }
  });

  it('begin when they have it, and not before', async () => {
    let atOnce = 0;
    let most = 0;
    await runUrl(watched((behaviour) => behaviour).service, {
      scenario: { ...BROKEN_BOARD, matrix: { n: [1, 2, 3] }, tags: ['n${n}'] },
      on({ type }) {
        if (type === 'cell:start') most = Math.max(most, ++atOnce);
        if (type === 'cell:end') atOnce--;
      },
    });
    expect(most).to.equal(1);
  });
});

interface Visited {
  readonly run: string;
  readonly from: number;
  readonly to: number;
}

/** A page that takes its time, and when each of its visitors was there. */
function watched(how: (behaviour: Behaviour) => Behaviour) {
  const visits: Visited[] = [];
  const behaviour = how(async (visit) => {
    await sleep(15);
    return { body: await rightPage(visit) };
  });
  const service: Behaviour = async (visit) => {
    const run = decodeURIComponent(
      /brownout\.run=([^,]*)/.exec(String(visit.headers['baggage']))?.[1] ?? '',
    );
    const from = performance.now();
    const reply = await behaviour(visit);
    visits.push({ run, from, to: performance.now() });
    return reply;
  };
  return { service, visits };
}

/** Those of other runs between the first and the last visit of one. */
function besides(visits: readonly Visited[], run: string): Visited[] {
  const own = visits.filter((visit) => visit.run === run);
  const from = Math.min(...own.map((visit) => visit.from));
  const to = Math.max(...own.map((visit) => visit.to));
  expect(own).not.to.have.length(0);
  return visits.filter((visit) => visit.run !== run && visit.to > from && visit.from < to);
}
