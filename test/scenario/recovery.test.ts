import { expect } from 'chai';
import { BROKEN_BOARD, run } from './run-files.ts';
import { rightPage, type Behaviour } from './service.ts';
import { failuresOf, gotOf, later, passes } from './judged.ts';

describe('a service whose board was lost', () => {
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
});
