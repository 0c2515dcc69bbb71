import { expect } from 'chai';
import { PAGE } from '../portal-under-test.ts';
import { BOARD, json, text } from '../stub-stats.ts';
import { times, useWatchedPortal } from './watched-portal.ts';

const MINUTE = 60_000;

describe('portal: patterns in errors (row 116)', () => {
  const system = useWatchedPortal();

  const patterns = async () =>
    (await system.portal.getAsOperator('/monitoring/errors/summary?time_window=6h')).body.patterns;

  it('there are none where nothing goes wrong', async () => {
    await system.portal.get(PAGE);
    expect(await patterns()).to.deep.equal({ kinds: [], by_hour: [], together: [] });
  });

  it('tell which errors are frequent, in which hours they came, and which came together', async () => {
    const { portal } = system;
    // Two minutes in which both calls fail, one in which an address is asked for that is not there.
    for (const minute of [0, 1]) {
      portal.clock += minute * MINUTE;
      portal.stub.board = text('', 500);
      portal.stub.stats = text('', 400);
      await portal.getAsAda(PAGE);
      portal.stub.board = json(BOARD);
    }
    portal.clock += 60 * MINUTE;
    await times(4, () => portal.get('/nowhere'));
    expect(await patterns()).to.deep.equal({
      kinds: [
        { error: 'unmatched 404 not_found', count: 4, share: 0.5, minutes: 1 },
        { error: 'stats leaderboard bad_status', count: 2, share: 0.25, minutes: 2 },
        { error: 'stats player-stats bad_status', count: 2, share: 0.25, minutes: 2 },
      ],
      by_hour: [
        { hour: '2026-11-21T12:00:00.000Z', count: 4 },
        { hour: '2026-11-21T13:00:00.000Z', count: 4 },
      ],
      together: [
        { errors: ['stats leaderboard bad_status', 'stats player-stats bad_status'], minutes: 2 },
      ],
    });
  });

  it('are no longer than a person reads, however many kinds of errors there are', async () => {
    const { portal } = system;
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'LINK']) {
      for (const path of [PAGE, '/health', '/metrics', '/games/v1/games']) {
        await portal.send(method, path);
      }
    }
    const found = await patterns();
    expect(found.kinds).to.have.length(10);
    expect(found.together).to.have.length(5);
  });
});
