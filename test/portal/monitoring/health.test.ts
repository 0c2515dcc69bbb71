import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createDatabaseCheck } from '../../../src/portal/monitoring/database-check.ts';
import { root } from '../../helpers/root.ts';
import { PAGE } from '../portal-under-test.ts';
import { BOARD, json, text } from '../stub-stats.ts';
import {
  AS_OPERATOR,
  NO_DATABASE,
  startWatchedPortal,
  times,
  useWatchedPortal,
} from './watched-portal.ts';

const HEALTH = '/health/detailed';

describe('portal: health (row 113)', () => {
  const system = useWatchedPortal();

  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
    version: string;
  };
  const well = (call: string, lastSuccess: string | null) => ({
    call,
    status: 'ok',
    breaker: 'closed',
    breaker_since: '2026-11-21T12:00:00.000Z',
    consecutive_failures: 0,
    last_success: lastSuccess,
  });

  it('in detail: the version, the time, and each dependency', async () => {
    const { portal } = system;
    portal.clock += 90_500;
    await portal.getAsAda(PAGE);
    const { status, headers, body } = await portal.get(HEALTH);
    expect(status).to.equal(200);
    expect(headers['cache-control']).to.equal('no-store');
    // The gateway has calls of its own to the same service.
    body.dependencies.stats.calls.splice(2);
    expect(body).to.deep.equal({
      status: 'ok',
      version,
      uptime_seconds: 90,
      time: '2026-11-21T12:01:30.500Z',
      dependencies: {
        stats: {
          status: 'ok',
          forced_outage_since: null,
          calls: [
            well('leaderboard', '2026-11-21T12:01:30.500Z'),
            well('player-stats', '2026-11-21T12:01:30.500Z'),
          ],
        },
        database: { status: 'ok', kind: 'sqlite' },
      },
    });
  });

  it('asks the stats service nothing', async () => {
    const { body } = await system.portal.get(HEALTH);
    expect(body.dependencies.stats.calls[0].last_success).to.equal(null);
    expect(system.portal.stub.calls).to.deep.equal([]);
  });

  it('a call that fails makes it degraded, with a 200, until it works again', async () => {
    const { portal } = system;
    portal.stub.board = text('db password=hunter2', 500);
    await portal.getAsAda(PAGE);
    const { status, body, text: said } = await portal.get(HEALTH);
    expect(status).to.equal(200);
    expect(body.status).to.equal('degraded');
    const { stats, database } = body.dependencies;
    expect(stats.status).to.equal('degraded');
    expect(stats.calls[0]).to.include({
      call: 'leaderboard',
      status: 'degraded',
      consecutive_failures: 1,
    });
    expect(stats.calls[1]).to.include({ call: 'player-stats', status: 'ok' });
    expect(database.status).to.equal('ok');
    expect(said).to.not.match(/hunter2|127\.0\.0\.1|http:/);
    portal.stub.board = json(BOARD);
    await portal.getAsAda(PAGE);
    expect((await portal.get(HEALTH)).body.status).to.equal('ok');
  });

  it('tells which breaker is open, and since when', async () => {
    await using portal = await startWatchedPortal({ ATTEMPTS: '1', BREAKER_OPEN: '1h' });
    portal.stub.board = text('', 500);
    await times(9, () => portal.get(PAGE));
    portal.clock += 7000;
    await times(2, () => portal.get(PAGE));
    const { body } = await portal.get(HEALTH);
    expect(body.status).to.equal('degraded');
    expect(body.dependencies.stats.calls[0]).to.deep.include({
      breaker: 'open',
      breaker_since: '2026-11-21T12:00:07.000Z',
      consecutive_failures: 11,
    });
    expect(body.dependencies.stats.calls[1]).to.include({ breaker: 'closed', status: 'ok' });
  });

  it('a forced outage makes it degraded', async () => {
    await system.portal.postAsOperator('/monitoring/outages/stats', { state: 'on' });
    const { body } = await system.portal.get(HEALTH);
    expect(body.status).to.equal('degraded');
    expect(body.dependencies.stats).to.include({
      status: 'degraded',
      forced_outage_since: '2026-11-21T12:00:00.000Z',
    });
  });

  it('a database that is down makes it degraded; /health is untouched by anything', async () => {
    await using portal = await startWatchedPortal(NO_DATABASE);
    await portal.stub[Symbol.asyncDispose]();
    const { status, body, text: said } = await portal.get(HEALTH);
    expect(status).to.equal(200);
    expect(body.status).to.equal('degraded');
    expect(body.dependencies.database).to.deep.equal({ status: 'down', kind: 'sqlite' });
    expect(said).to.not.match(/none\.db|\/dev|SQL/);
    const health = await portal.get('/health');
    expect([health.status, health.body]).to.deep.equal([200, { status: 'ok' }]);
  });

  it('a database that does not answer is waited for no longer than told, and asked once however many ask', async () => {
    let asked = 0;
    let answer = () => {};
    const hang = () => {
      asked += 1;
      return new Promise<void>((resolve) => (answer = resolve));
    };
    const check = createDatabaseCheck({ kind: 'postgresql', check: hang }, 5);
    const slow = { status: 'slow', kind: 'postgresql' };
    expect(await Promise.all([check(), check(), check()])).to.deep.equal([slow, slow, slow]);
    expect(await check()).to.deep.equal(slow);
    expect(asked).to.equal(1);
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    const next = check();
    answer();
    expect(await next).to.deep.equal({ status: 'ok', kind: 'postgresql' });
    expect(asked).to.equal(2);
  });

  it('anyone may read it, unless METRICS_OPEN is off: then it is for operators', async () => {
    await using portal = await startWatchedPortal({ METRICS_OPEN: 'off' });
    expect((await portal.get(HEALTH)).status).to.equal(401);
    expect((await portal.get(HEALTH, AS_OPERATOR)).status).to.equal(200);
    expect((await portal.get('/health')).status).to.equal(200);
    expect((await system.portal.get(HEALTH, { authorization: 'Bearer whatever' })).status).to.equal(
      200,
    );
  });
});
