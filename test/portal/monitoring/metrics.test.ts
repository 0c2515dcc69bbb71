import { expect } from 'chai';
import { register } from 'prom-client';
import { PAGE, QUICK } from '../portal-under-test.ts';
import { hang, text } from '../stub-stats.ts';
import {
  AS_OPERATOR,
  NO_DATABASE,
  startWatchedPortal,
  times,
  useWatchedPortal,
} from './watched-portal.ts';

const METRICS = '/metrics';
const PAGE_ROUTE = '/games/v2/games/:game_id';

describe('portal: metrics', () => {
  const system = useWatchedPortal();

  const numbers = async (portal = system.portal) => samplesIn((await portal.get(METRICS)).text);

  it('are in the text format of Prometheus, with a type and help for each (row 120)', async () => {
    await system.portal.getAsAda(PAGE);
    const { status, headers, text } = await system.portal.get(METRICS, {
      // Prometheus' own.
      accept:
        'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1',
    });
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(headers['cache-control']).to.equal('no-store');
    const families = [...text.matchAll(/^# TYPE (\w+) (counter|gauge|histogram)$/gm)];
    expect(families.map(([, name]) => name)).to.deep.equal([
      'portal_calls_total',
      'portal_call_failures_total',
      'portal_call_attempts_total',
      'portal_requests_total',
      'portal_degraded_answers_total',
      'portal_breaker_state',
      'portal_forced_outage',
      'portal_alerts',
      'portal_call_duration_seconds',
      'portal_request_duration_seconds',
    ]);
    for (const [, name] of families)
      expect(text).to.match(new RegExp(`^# HELP ${name} .{20,}$`, 'm'));
    for (const line of text.split('\n')) expect(line).to.match(/^(#.*|\w+(\{.*\})? [\d.e+-]+|)$/);
    expect(text.endsWith('\n')).to.equal(true);
  });

  it('calls that went well are counted and timed (row 108)', async () => {
    await times(2, () => system.portal.getAsAda(PAGE));
    const found = await numbers();
    for (const call of ['leaderboard', 'player-stats']) {
      const labels = `service="stats",call="${call}"`;
      expect(found.get(`portal_calls_total{${labels},outcome="ok"}`)).to.equal(2);
      expect(found.get(`portal_call_attempts_total{${labels}}`)).to.equal(2);
      expect(found.get(`portal_call_duration_seconds_count{${labels}}`)).to.equal(2);
      expect(found.get(`portal_breaker_state{${labels},state="closed"}`)).to.equal(1);
    }
    expect(namesIn(found, 'portal_call_failures_total')).to.deep.equal([]);
    expect(namesIn(found, 'portal_degraded_answers_total')).to.deep.equal([]);
  });

  it('failures are counted by reason and status, second attempts included (row 108)', async () => {
    await using portal = await startWatchedPortal(QUICK);
    portal.stub.board = text('', 503);
    portal.stub.stats = hang;
    await portal.getAsAda(PAGE);
    const found = await numbers(portal);
    const board = 'service="stats",call="leaderboard"';
    const stats = 'service="stats",call="player-stats"';
    expect(found.get(`portal_calls_total{${board},outcome="failed"}`)).to.equal(1);
    expect(
      found.get(`portal_call_failures_total{${board},reason="bad_status",status="503"}`),
    ).to.equal(1);
    expect(found.get(`portal_call_failures_total{${stats},reason="timeout",status=""}`)).to.equal(
      1,
    );
    expect(found.get(`portal_call_attempts_total{${board}}`)).to.equal(2);
    expect(found.get('portal_degraded_answers_total{call="leaderboard"}')).to.equal(1);
    expect(found.get('portal_degraded_answers_total{call="player-stats"}')).to.equal(1);
    expect(
      found.get(`portal_requests_total{method="GET",route="${PAGE_ROUTE}",status="200"}`),
    ).to.equal(1);
  });

  it('calls that an open breaker, or an operator, kept back are counted as skipped, and not timed (row 108)', async () => {
    await using portal = await startWatchedPortal({ ATTEMPTS: '1', BREAKER_OPEN: '1h' });
    portal.stub.board = text('', 500);
    await times(12, () => portal.get(PAGE));
    const board = 'service="stats",call="leaderboard"';
    const found = await numbers(portal);
    expect(found.get(`portal_calls_total{${board},outcome="failed"}`)).to.equal(10);
    expect(found.get(`portal_calls_total{${board},outcome="skipped"}`)).to.equal(2);
    expect(
      found.get(`portal_call_failures_total{${board},reason="circuit_open",status=""}`),
    ).to.equal(2);
    expect(found.get(`portal_call_duration_seconds_count{${board}}`)).to.equal(10);
    expect(found.get(`portal_breaker_state{${board},state="open"}`)).to.equal(1);
    expect(found.get(`portal_breaker_state{${board},state="closed"}`)).to.equal(0);
    expect(found.get('portal_alerts{severity="medium"}')).to.equal(1);
    expect(found.get('portal_alerts{severity="high"}')).to.equal(0);
    expect(found.get('portal_forced_outage{service="stats"}')).to.equal(0);
    await portal.postAsOperator('/monitoring/outages/stats', { state: 'on' });
    await portal.get(PAGE);
    const then = await numbers(portal);
    expect(then.get('portal_forced_outage{service="stats"}')).to.equal(1);
    expect(then.get(`portal_call_failures_total{${board},reason="forced",status=""}`)).to.equal(1);
  });

  it('durations are in seconds, in buckets around the deadlines', async () => {
    const { portal } = system;
    portal.stub.board = ({ response }) => {
      portal.clock += 400;
      response.end('[]');
    };
    await portal.get(PAGE);
    const found = await numbers();
    const route = `route="${PAGE_ROUTE}"`;
    expect(found.get(`portal_request_duration_seconds_sum{${route}}`)).to.equal(0.4);
    expect(found.get(`portal_request_duration_seconds_bucket{le="0.2",${route}}`)).to.equal(0);
    expect(found.get(`portal_request_duration_seconds_bucket{le="0.4",${route}}`)).to.equal(1);
    expect(
      found.get(`portal_call_duration_seconds_sum{service="stats",call="leaderboard"}`),
    ).to.equal(0.4);
  });

  it('errors are counted by route and status', async () => {
    await using portal = await startWatchedPortal(NO_DATABASE);
    const { status } = await portal.get(PAGE);
    const found = await numbers(portal);
    expect(
      found.get(`portal_requests_total{method="GET",route="${PAGE_ROUTE}",status="${status}"}`),
    ).to.equal(1);
  });

  it('no label holds what a client made up: there are as many as before, whatever is asked (row 108)', async () => {
    await using portal = await startWatchedPortal({
      BREAKER_SIZE: '1000',
      BREAKER_MINIMUM: '1000',
    });
    portal.stub.board = text('', 799);
    const ask = async (mark: string) => {
      await portal.get(`/${mark}`);
      await portal.get(`/games/v2/games/${mark}`);
      await portal.get(`/games/v2/leaderboard/${mark}?x=${mark}`);
      await portal.get(`/games/v1/games/${mark}`);
      await portal.send('PROPFIND', `/${mark}`);
      await portal.send('MKCOL', '/health');
      await portal.get('/games/v2/leaderboard/exrps', { authorization: `Bearer ${mark}` });
    };
    await ask('first');
    await portal.get(METRICS);
    const before = [...(await numbers(portal)).keys()];
    await times(20, () => ask(Math.random().toString(36)));
    const found = await numbers(portal);
    expect([...found.keys()]).to.deep.equal(before);
    expect(before.join('\n')).to.not.include('first');
    expect(
      found.get('portal_requests_total{method="OTHER",route="unmatched",status="404"}'),
    ).to.equal(21);
    expect(
      found.get('portal_requests_total{method="OTHER",route="/health",status="405"}'),
    ).to.equal(21);
    expect(namesIn(found, 'portal_call_failures_total')).to.deep.equal([
      'portal_call_failures_total{service="stats",call="leaderboard",reason="bad_status",status="7xx"}',
    ]);
  });

  it('portals in one process count apart, and nothing is left in the registry that all share', async () => {
    await using other = await startWatchedPortal();
    await system.portal.get(PAGE);
    expect(namesIn(await numbers(other), 'portal_calls_total')).to.deep.equal([]);
    expect(register.getMetricsAsArray()).to.deep.equal([]);
  });

  it('a reset of the error monitor leaves them: what counts up must not go back', async () => {
    await system.portal.get(PAGE);
    await system.portal.postAsOperator('/monitoring/reset');
    const found = await numbers();
    expect(
      found.get('portal_calls_total{service="stats",call="leaderboard",outcome="ok"}'),
    ).to.equal(1);
  });

  it('anyone may read them, with a token or without, unless METRICS_OPEN is off (row 120)', async () => {
    expect((await system.portal.get(METRICS, { authorization: 'Bearer x' })).status).to.equal(200);
    await using portal = await startWatchedPortal({ METRICS_OPEN: 'off' });
    expect((await portal.get(METRICS)).status).to.equal(401);
    expect((await portal.get(METRICS, AS_OPERATOR)).status).to.equal(200);
    await using closed = await startWatchedPortal({ METRICS_OPEN: 'off', OPERATOR_TOKEN: '' });
    expect((await closed.get(METRICS)).status).to.equal(403);
  });
});

/** `name{labels}` and its value. */
function samplesIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

function namesIn(samples: ReadonlyMap<string, number>, family: string): string[] {
  return [...samples.keys()].filter((name) => name.startsWith(family));
}
