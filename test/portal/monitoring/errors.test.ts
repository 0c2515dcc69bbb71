import { expect } from 'chai';
import { PAGE } from '../portal-under-test.ts';
import { text } from '../stub-stats.ts';
import {
  AS_OPERATOR,
  NO_DATABASE,
  NOON,
  startWatchedPortal,
  times,
  useWatchedPortal,
} from './watched-portal.ts';

const ERRORS = '/monitoring/errors';
const RECENT = '/monitoring/errors/recent';

describe('portal: errors as operators see them', () => {
  const system = useWatchedPortal();

  it('nothing has gone wrong at first', async () => {
    const { status, headers, body } = await system.portal.getAsOperator(ERRORS);
    expect(status).to.equal(200);
    expect(headers['cache-control']).to.equal('no-store');
    expect(body).to.deep.equal({
      total_requests: 0,
      total_errors: 0,
      server_errors: 0,
      client_errors: 0,
      service_failures: 0,
      errors_by_endpoint: {},
      failures_by_service: {},
      recent_errors_5min: 0,
      recent_errors_1hour: 0,
      status_code_distribution: {},
      consecutive_failures: {},
      last_success_times: {},
      active_alerts: [],
      since: '2026-11-21T12:00:00.000Z',
      last_updated: '2026-11-21T12:00:00.000Z',
    });
  });

  it('answers that are 5xx are server errors, by the template of their route (row 109)', async () => {
    await using portal = await startWatchedPortal(NO_DATABASE);
    const statuses = [];
    for (const id of ['exrps', 'test_game', 'moonhop']) {
      statuses.push((await portal.get(`/games/v2/games/${id}`)).status);
    }
    const [status = 0] = statuses;
    expect(statuses).to.deep.equal([status, status, status]);
    expect(status).to.be.within(500, 503);
    const { body } = await portal.getAsOperator(ERRORS);
    expect(body).to.include({ total_errors: 3, server_errors: 3, client_errors: 0 });
    const endpoint = 'GET /games/v2/games/:game_id';
    expect(body.errors_by_endpoint).to.deep.equal({ [endpoint]: { [status]: 3 } });
    expect(body.status_code_distribution).to.deep.equal({ [status]: 3 });
    expect(body.consecutive_failures).to.deep.equal({ [endpoint]: 3 });
    expect(JSON.stringify(body)).to.not.match(/exrps|moonhop|sqlite|none\.db/);
  });

  it('a 500 is one, too (row 109)', async () => {
    await using portal = await startWatchedPortal({}, { unprotected: true });
    portal.stub.board = text('<html>');
    expect((await portal.get(PAGE)).status).to.equal(500);
    const { body } = await portal.getAsOperator(ERRORS);
    expect(body).to.include({ total_errors: 1, server_errors: 1, client_errors: 0 });
  });

  it('what clients get wrong is counted apart; unknown addresses and methods are one each (row 109)', async () => {
    const { portal } = system;
    for (const path of ['/a', '/b?c=d', '/%zz', '//']) await portal.get(path);
    await portal.send('PROPFIND', '/games/v2/games/exrps');
    await portal.send('LINK', '/games/v2/games/other');
    await portal.get('/games/v2/games/nobody');
    await portal.send('POST', '/token');
    const { body } = await portal.getAsOperator(ERRORS);
    expect(body).to.include({ total_errors: 8, server_errors: 0, client_errors: 8 });
    expect(body.errors_by_endpoint).to.deep.equal({
      unmatched: { 404: 4 },
      'OTHER /games/v2/games/:game_id': { 405: 2 },
      'GET /games/v2/games/:game_id': { 404: 1 },
      'POST /token': { 400: 1 },
    });
    expect(body.consecutive_failures).to.deep.equal({});
  });

  it('a degraded page is a 200, and its failed calls are counted by service, call and reason (row 109)', async () => {
    const { portal } = system;
    portal.stub.board = text('oops', 500);
    await times(3, () => portal.getAsAda(PAGE));
    const { body } = await portal.getAsOperator(ERRORS);
    expect(body).to.include({ total_requests: 3, total_errors: 0, service_failures: 3 });
    expect(body).to.include({ recent_errors_5min: 0, recent_errors_1hour: 0 });
    expect(body.failures_by_service).to.deep.equal({ stats: { leaderboard: { bad_status: 3 } } });
    expect(body.status_code_distribution).to.deep.equal({ 200: 3 });
    expect(body.consecutive_failures).to.deep.equal({ 'stats leaderboard': 3 });
    expect(body.last_success_times).to.deep.equal({
      'GET /games/v2/games/:game_id': '2026-11-21T12:00:00.000Z',
      'stats player-stats': '2026-11-21T12:00:00.000Z',
    });
  });

  it('recent errors say what, where, when and in which request, and nothing else (row 111)', async () => {
    const { portal } = system;
    portal.stub.board = text('db password=hunter2', 500);
    await portal.get('/nowhere/hunter2?token=hunter2', { 'x-request-id': 'r1' });
    portal.clock += 1000;
    await portal.get(PAGE, { 'x-request-id': 'r2' });
    const { body } = await portal.getAsOperator(RECENT);
    expect(body).to.deep.equal({
      count: 2,
      errors: [
        {
          service: 'stats',
          call: 'leaderboard',
          reason: 'bad_status',
          time: '2026-11-21T12:00:01.000Z',
          request_id: 'r2',
        },
        {
          endpoint: 'unmatched',
          status: 404,
          code: 'not_found',
          time: '2026-11-21T12:00:00.000Z',
          request_id: 'r1',
        },
      ],
    });
    const without = await portal.getAsOperator(`${RECENT}?include_client_errors=false`);
    expect(without.body.errors).to.deep.equal([body.errors[0]]);
    const one = await portal.getAsOperator(`${RECENT}?limit=1`);
    expect(one.body).to.deep.equal({ count: 1, errors: [body.errors[0]] });
  });

  for (const [parameter, value] of [
    ['limit', '0'],
    ['limit', '1001'],
    ['limit', '-1'],
    ['limit', '1.5'],
    ['limit', '1e2'],
    ['limit', '01'],
    ['limit', ''],
    ['limit', '1&limit=2'],
    ['include_client_errors', 'yes'],
  ] as const) {
    it(`recent errors with ${parameter}=${value} are a 400 that names the parameter (row 111)`, async () => {
      const { status, headers, body } = await system.portal.getAsOperator(
        `${RECENT}?${parameter}=${value}`,
      );
      expect(status).to.equal(400);
      expect(headers['cache-control']).to.equal('no-store');
      expect(JSON.stringify(body.errors)).to.include(parameter).and.include('expected');
    });
  }

  it('recent errors are the last 1,000 of each kind: a flood of one does not wash away the other (row 111)', async () => {
    const { portal } = system;
    portal.stub.board = text('oops', 500);
    await portal.get(PAGE, { 'x-request-id': 'the-one' });
    await times(20, () => Promise.all(Array.from({ length: 51 }, () => portal.get('/flood'))));
    const all = await portal.getAsOperator(`${RECENT}?limit=1000`);
    expect(all.body.count).to.equal(1000);
    const { body } = await portal.getAsOperator(`${RECENT}?include_client_errors=false`);
    expect(body.errors.map((error: { request_id: string }) => error.request_id)).to.deep.equal([
      'the-one',
    ]);
  });

  it('a reset forgets all of it, and only an operator may (row 112)', async () => {
    const { portal } = system;
    portal.stub.board = text('', 500);
    await portal.get(PAGE);
    await portal.get('/nowhere');
    expect((await portal.send('POST', '/monitoring/reset')).status).to.equal(401);
    expect((await portal.getAsOperator(ERRORS)).body.client_errors).to.equal(2);
    portal.clock += 5000;
    const { status, body } = await portal.postAsOperator('/monitoring/reset');
    expect(status).to.equal(200);
    expect(body).to.include({ total_errors: 0, since: new Date(NOON + 5000).toISOString() });
    const after = (await portal.getAsOperator(ERRORS)).body;
    expect(after).to.include({ total_requests: 1, total_errors: 0, recent_errors_1hour: 0 });
    expect((await portal.getAsOperator(RECENT)).body.count).to.equal(0);
    expect(portal.log.map(({ msg }) => msg)).to.include('An operator has reset the error monitor');
    expect((await portal.get('/monitoring/reset', AS_OPERATOR)).status).to.equal(405);
  });
});
