import { expect } from 'chai';
import type { CellResult } from '../../src/scenario/result.ts';
import { BROKEN_BOARD } from './run-files.ts';
import { isolations, runOn, STATELESS, verdicts } from './run-on.ts';
import { passingOn, rightPage, rightService, type Behaviour } from './service.ts';

describe('cells of a service that does not pass baggage on', () => {
  it('get an instance each, and the run says why', async () => {
    const { result } = await runOn(rightService, STATELESS, {
      scenario: { ...BROKEN_BOARD, matrix: { n: [1, 2, 3] }, tags: ['n${n}'] },
    });
    expect(new Set(Object.values(isolations(result)))).to.deep.equal(new Set(['instance']));
    expect(new Set(Object.values(verdicts(result)))).to.deep.equal(new Set(['passed']));
    expect(result.warnings).to.have.length(1);
    expect(result.warnings?.[0]).to.match(
      /^cells did not share an instance of game: the service called stats\.(board|player) without the baggage/,
    );
  });

  it('get one each where one of the calls is not marked', async () => {
    const service: Behaviour = async (visit) => {
      const { baggage = '' } = visit.headers;
      const page = await rightPage({
        call: (path) => visit.call(path, 400, path === '/board' ? { baggage } : {}),
      });
      return { body: page };
    };
    const { result } = await runOn(service, STATELESS, { scenario: BROKEN_BOARD });
    expect(isolations(result)).to.deep.equal({ 'lost-board': 'instance' });
    expect(result.warnings?.[0]).to.include('stats.player');
  });

  it('are inconclusive where the file insists on sharing', async () => {
    const system = { ...STATELESS, isolation: 'baggage' };
    const { result } = await runOn(rightService, system, { scenario: BROKEN_BOARD });
    expect(result).to.include({ verdict: 'inconclusive', exit: 5 });
    const [cell] = result.cells as [CellResult];
    expect(cell).to.include({ verdict: 'inconclusive', isolation: 'baggage' });
    expect(cell.reason).to.match(
      /^the service called stats\.\w+ without the baggage .*isolation: instance/,
    );
  });

  /** It marks its calls, but for the second try, which so escapes the fault: alone it would not. */
  const forgetful = passingOn(async (visit) => {
    const page = await rightPage({
      call: (path) => visit.call(path).catch(() => visit.call(path, 400, { baggage: 'lost=1' })),
    });
    return { body: page };
  });
  const whole = { scenario: { ...BROKEN_BOARD, expect: { degraded: 'none' } } };

  it('are run again alone where that only shows under a fault', async () => {
    const { result } = await runOn(forgetful, STATELESS, whole);
    const [cell] = result.cells as [CellResult];
    expect(cell).to.include({ verdict: 'failed', isolation: 'instance', attempts: 2 });
  });

  it('are inconclusive where that only shows under a fault and the file insists on sharing', async () => {
    const { result } = await runOn(forgetful, { ...STATELESS, isolation: 'baggage' }, whole);
    const [cell] = result.cells as [CellResult];
    expect(cell).to.include({ verdict: 'inconclusive', isolation: 'baggage' });
    expect(cell.reason).to.include('the service called stats.board without the baggage');
  });

  it('say so when they pass alone in the end', async () => {
    const { result } = await runOn(forgetful, STATELESS, { scenario: BROKEN_BOARD });
    const [cell] = result.cells as [CellResult];
    expect(cell).to.include({ verdict: 'passed', isolation: 'instance', attempts: 2 });
    expect(cell.reason).to.match(/^run again on an instance of its own, for the service called/);
  });
});
