import { expect } from 'chai';
import { PAGE } from '../portal-under-test.ts';
import { BOARD, json, reset, text } from '../stub-stats.ts';
import { NO_DATABASE, startWatchedPortal, times, useWatchedPortal } from './watched-portal.ts';

const ALERTS = '/monitoring/alerts';
/** The breaker stays out of it: each request is one call, and each call one attempt. */
const PLAIN = { ATTEMPTS: '1', BREAKER_SIZE: '1000', BREAKER_MINIMUM: '1000' };

describe('portal: alerts (row 110)', () => {
  const system = useWatchedPortal(PLAIN);

  const fail = (count: number) => times(count, () => system.portal.get(PAGE));
  const alerts = async () => (await system.portal.getAsOperator(ALERTS)).body;
  const alertLines = () => system.portal.log.filter(({ msg }) => String(msg).startsWith('Alert:'));

  it('ten failures in a row are an alert, nine are none; answers that were degraded 200s count', async () => {
    system.portal.stub.board = text('', 500);
    await fail(9);
    expect(await alerts()).to.deep.equal({ count: 0, alerts: [] });
    expect(alertLines()).to.deep.equal([]);
    system.portal.clock += 1000;
    await fail(1);
    expect(await alerts()).to.deep.equal({
      count: 1,
      alerts: [
        {
          type: 'service_failing',
          severity: 'medium',
          service: 'stats',
          call: 'leaderboard',
          failure_count: 10,
          since: '2026-11-21T12:00:00.000Z',
          message:
            'The leaderboard call of the service stats has failed 10 times in a row, the last time by bad_status.',
          recommendation:
            'Look into the log of the service; where it refuses us, see whether our key is right.',
        },
      ],
    });
    expect(
      (await system.portal.getAsOperator('/monitoring/errors')).body.active_alerts,
    ).to.have.length(1);
  });

  it('one success ends it, and the log says so', async () => {
    system.portal.stub.board = text('', 500);
    await fail(10);
    system.portal.stub.board = json(BOARD);
    await fail(1);
    expect(await alerts()).to.deep.equal({ count: 0, alerts: [] });
    const last = system.portal.log.at(-1);
    expect(last).to.include({ level: 'info', service: 'stats', call: 'leaderboard', failures: 10 });
    system.portal.stub.board = text('', 500);
    await fail(9);
    expect(await alerts()).to.include({ count: 0 });
  });

  it('a success after fewer failures is worth no line', async () => {
    system.portal.stub.board = text('', 500);
    await fail(9);
    system.portal.stub.board = json(BOARD);
    await fail(1);
    expect(system.portal.log.filter(({ level }) => level === 'info')).to.deep.equal([]);
  });

  it('of several the worst comes first', async () => {
    const { portal } = system;
    portal.stub.stats = text('', 500);
    await times(10, () => portal.getAsAda(PAGE));
    portal.stub.board = text('', 500);
    await times(11, () => portal.get(PAGE));
    const all = async () => (await alerts()).alerts.map((alert: { call: string }) => alert.call);
    expect(await all()).to.deep.equal(['leaderboard', 'player-stats']);
    await times(2, () => portal.getAsAda('/games/v2/stats/exrps'));
    expect(await all()).to.deep.equal(['player-stats', 'leaderboard']);
  });

  it('a success of another call does not end it', async () => {
    system.portal.stub.board = text('', 500);
    await times(11, () => system.portal.getAsAda(PAGE));
    expect((await alerts()).alerts).to.have.length(1);
  });

  it('from twenty on it is high', async () => {
    system.portal.stub.board = text('', 500);
    await fail(19);
    expect((await alerts()).alerts[0]).to.include({ severity: 'medium', failure_count: 19 });
    await fail(1);
    expect((await alerts()).alerts[0]).to.include({ severity: 'high', failure_count: 20 });
  });

  it('below ten, where that is chosen, it is low', async () => {
    await using portal = await startWatchedPortal({ ...PLAIN, ALERT_AFTER: '3' });
    portal.stub.board = text('', 500);
    await times(3, () => portal.get(PAGE));
    const { body } = await portal.getAsOperator(ALERTS);
    expect(body.alerts[0]).to.include({ severity: 'low', failure_count: 3 });
  });

  it('it has one line at the level error, and another after 300 seconds if it stands', async () => {
    const { portal } = system;
    portal.stub.board = text('', 500);
    await fail(15);
    expect(alertLines()).to.have.length(1);
    expect(alertLines()[0]).to.include({
      level: 'error',
      type: 'service_failing',
      failure_count: 10,
    });
    portal.clock += 299_999;
    await fail(1);
    expect(alertLines()).to.have.length(1);
    portal.clock += 1;
    await fail(1);
    expect(alertLines()).to.have.length(2);
  });

  it('one that comes and goes has one line in 300 seconds', async () => {
    const { portal } = system;
    for (let round = 0; round < 3; round++) {
      portal.stub.board = text('', 500);
      await fail(10);
      portal.stub.board = json(BOARD);
      await fail(1);
    }
    expect(alertLines()).to.have.length(1);
  });

  it('a service that cannot be reached, a breaker that is open, a key that is refused: all of them count', async () => {
    await using portal = await startWatchedPortal({ ATTEMPTS: '1', BREAKER_OPEN: '1h' });
    portal.stub.board = reset;
    await times(12, () => portal.get(PAGE));
    const [alert] = (await portal.getAsOperator(ALERTS)).body.alerts;
    expect(alert).to.include({ call: 'leaderboard', failure_count: 12 });
    expect(alert.message).to.include('circuit_open');
    system.portal.stub.board = text('who are you?', 403);
    await fail(10);
    expect((await alerts()).alerts[0]).to.include({ failure_count: 10 });
  });

  it('what players ask wrongly is no trouble of the service, and does not hide one either', async () => {
    system.portal.stub.board = text('no such product', 404);
    await fail(12);
    expect(await alerts()).to.include({ count: 0 });
    system.portal.stub.board = text('', 500);
    await fail(5);
    system.portal.stub.board = text('no such product', 404);
    await fail(1);
    system.portal.stub.board = text('', 500);
    await fail(5);
    expect(await alerts()).to.include({ count: 1 });
  });

  it('an outage that an operator has forced is no alert', async () => {
    await system.portal.postAsOperator('/monitoring/outages/stats', { state: 'on' });
    await fail(12);
    expect(await alerts()).to.include({ count: 0 });
    const { body } = await system.portal.getAsOperator('/monitoring/errors');
    expect(body.failures_by_service).to.deep.equal({ stats: { leaderboard: { forced: 12 } } });
  });

  it('an endpoint of ours that answers 5xx is one, too; 4xx neither make one nor end it', async () => {
    await using portal = await startWatchedPortal(NO_DATABASE);
    await times(9, () => portal.get(PAGE));
    await portal.get(PAGE, { authorization: 'Bearer nonsense' });
    await portal.get(PAGE);
    const { body } = await portal.getAsOperator(ALERTS);
    expect(body.count).to.equal(1);
    expect(body.alerts[0]).to.include({
      type: 'endpoint_failing',
      endpoint: 'GET /games/v2/games/:game_id',
      failure_count: 10,
      message: 'GET /games/v2/games/:game_id has failed 10 times in a row.',
    });
    expect(JSON.stringify(body)).to.not.match(/exrps|none\.db/);
  });

  it('a reset ends it', async () => {
    system.portal.stub.board = text('', 500);
    await fail(10);
    await system.portal.postAsOperator('/monitoring/reset');
    expect(await alerts()).to.include({ count: 0 });
  });
});
