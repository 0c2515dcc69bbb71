import { expect } from 'chai';
import { createCalls } from '../../src/mock-stats/calls.ts';
import { startMockStats, type RunningMockStats } from '../../src/mock-stats/start.ts';
import { rawRequest } from './raw-request.ts';

describe('the journal of calls', () => {
  let mock: RunningMockStats;
  let time = 0;
  beforeEach(async () => {
    time = 1000;
    mock = await startMockStats({ now: () => time++ });
  });
  afterEach(() => mock[Symbol.asyncDispose]());

  it('has each call with its time, target, status and headers', async () => {
    const headers = { traceparent: '00-ab-cd-01', Baggage: 'run=1,plan=2', 'X-Request-Id': 'r1' };
    await rawRequest(mock.url, 'GET', '/stats/nope/ada?x=1', { headers });
    await rawRequest(mock.url, 'POST', '/stats/exrps/ada');
    const { calls } = mock.calls();
    expect(calls.map((call) => ({ ...call, headers: {} }))).to.deep.equal([
      { at: 1000, method: 'GET', path: '/stats/nope/ada?x=1', status: 400, headers: {} },
      { at: 1001, method: 'POST', path: '/stats/exrps/ada', status: 405, headers: {} },
    ]);
    expect(calls[0]?.headers).to.include({
      traceparent: '00-ab-cd-01',
      baggage: 'run=1,plan=2',
      'x-request-id': 'r1',
    });
  });

  for (const target of [
    '/stats/exrps/a%2Fb%20%C3%A9',
    '/stats/exrps/%zz',
    '/stats/../stats/exrps/x',
    '//stats//exrps',
    '/stats/exrps/x#y',
    'http://elsewhere/stats/exrps/x',
    '/leaderboards/top_ten/exrps%3Fx=1%23',
  ]) {
    it(`keeps ${target} as it came`, async () => {
      await rawRequest(mock.url, 'GET', target);
      expect(mock.calls().calls.map(({ path }) => path)).to.deep.equal([target]);
    });
  }

  it('counts calls by route', async () => {
    mock.setAnswers({ 'GET /health': {}, 'GET /stats/exrps/:user': { status: 500 } });
    for (const request of [
      'GET /stats/exrps/ada',
      'GET /stats/other/ada',
      'HEAD /stats/exrps/ada',
      'GET /leaderboards/top_ten/exrps',
      'GET /health',
      'GET /nowhere/1',
      'GET /nowhere/2',
    ]) {
      const [method = '', target = ''] = request.split(' ');
      await rawRequest(mock.url, method, target);
    }
    expect(mock.calls().counts).to.deep.equal({
      'GET /stats/:product/:user': 2,
      'HEAD /stats/:product/:user': 1,
      'GET /leaderboards/top_ten/:product': 1,
      'GET /health': 1,
      'GET (unknown)': 2,
    });
  });

  it('has a call before its answer can be read', async () => {
    const { headers } = await fetch(`${mock.url}/stats/exrps/ada`, { method: 'HEAD' });
    expect(headers.get('content-length')).to.equal('2');
    expect(mock.calls().calls).to.have.length(1);
  });

  it('is empty after it was cleared', async () => {
    await rawRequest(mock.url, 'GET', '/x');
    const before = mock.calls();
    mock.clearCalls();
    expect(mock.calls()).to.deep.equal({ calls: [], counts: {} });
    expect(before.calls, 'what was read earlier').to.have.length(1);
  });

  it('drops the oldest calls beyond 10,000 and still counts them', () => {
    const calls = createCalls();
    for (let at = 0; at < 10_005; at++) {
      calls.add('r', { at, method: 'GET', path: '/', status: 200, headers: {} });
    }
    const log = calls.read();
    expect(log.calls).to.have.length(10_000);
    expect(log.calls[0]?.at).to.equal(5);
    expect(log.calls.at(-1)?.at).to.equal(10_004);
    expect(log.counts).to.deep.equal({ r: 10_005 });
  });
});
