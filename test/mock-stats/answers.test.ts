import { expect } from 'chai';
import { InvalidError } from '../../src/common/errors.ts';
import type { Answers } from '../../src/mock-stats/answers.ts';
import { startMockStats, type RunningMockStats } from '../../src/mock-stats/start.ts';
import { rawRequest } from './raw-request.ts';

const STATS = 'GET /stats/:product/:user';

describe('fixed answers', () => {
  let mock: RunningMockStats;
  beforeEach(async () => {
    mock = await startMockStats();
  });
  afterEach(() => mock[Symbol.asyncDispose]());

  const ask = (target: string, method = 'GET') => rawRequest(mock.url, method, target);

  it('stand in for one route and leave the others alone', async () => {
    mock.setAnswers({ [STATS]: { status: 503, body: 'closed' } });
    const stats = await ask('/stats/exrps/ada');
    expect(stats.statusLine).to.equal('HTTP/1.1 503 SERVICE UNAVAILABLE');
    expect(stats.body).to.equal('closed');
    expect((await ask('/leaderboards/top_ten/exrps')).status).to.equal(200);
  });

  it('carry JSON as the service writes it', async () => {
    mock.setAnswers({ [STATS]: { json: { games: ['é', 1, 2.5, null] } } });
    const { status, headers, body } = await ask('/stats/exrps/ada');
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('text/html; charset=utf-8');
    expect(headers['content-length']).to.equal(String(body.length));
    expect(body).to.equal('{"games": ["\\u00e9", 1, 2.5, null]}');
  });

  it('may be JSON null', async () => {
    mock.setAnswers({ [STATS]: { json: null } });
    expect((await ask('/stats/exrps/ada')).body).to.equal('null');
  });

  it('count the length of a body in bytes', async () => {
    mock.setAnswers({ [STATS]: { body: 'é☃' } });
    const { headers, body } = await ask('/stats/exrps/ada');
    expect(headers['content-length']).to.equal('5');
    expect(body).to.equal('é☃');
  });

  it('have an empty body when they are given none', async () => {
    mock.setAnswers({ [STATS]: { status: 500 } });
    const { headers, body } = await ask('/stats/exrps/ada');
    expect(headers['content-length']).to.equal('0');
    expect(body).to.equal('');
  });

  it('set headers, whatever their case', async () => {
    const headers = { 'content-type': 'application/json', 'Retry-After': '5' };
    mock.setAnswers({ [STATS]: { status: 429, headers, json: [] } });
    expect((await ask('/stats/exrps/ada')).headers).to.include({
      'content-type': 'application/json',
      'retry-after': '5',
    });
  });

  it('send a header as often as it has values', async () => {
    mock.setAnswers({ [STATS]: { headers: { 'Set-Cookie': ['a=1', 'b=2'] } } });
    const response = await fetch(`${mock.url}/stats/exrps/ada`);
    await response.text();
    expect(response.headers.getSetCookie()).to.deep.equal(['a=1', 'b=2']);
  });

  it('may have a status without a name', async () => {
    mock.setAnswers({ [STATS]: { status: 599, body: 'x' } });
    expect((await ask('/stats/exrps/ada')).statusLine).to.equal('HTTP/1.1 599 UNKNOWN');
  });

  it('answer HEAD where they answer GET', async () => {
    mock.setAnswers({ [STATS]: { status: 503, body: 'closed' } });
    const { status, headers, body } = await ask('/stats/exrps/ada', 'HEAD');
    expect(status).to.equal(503);
    expect(headers['content-length']).to.equal('6');
    expect(body).to.equal('');
  });

  it('leave other methods of the route as they are', async () => {
    mock.setAnswers({ [STATS]: { status: 503 } });
    expect((await ask('/stats/exrps/ada', 'OPTIONS')).status).to.equal(200);
    expect((await ask('/stats/exrps/ada', 'POST')).status).to.equal(405);
  });

  it('may answer what the service itself refuses', async () => {
    mock.setAnswers({ 'POST /stats/:p/:u': { status: 201 }, 'GET /health': { body: 'up' } });
    expect((await ask('/stats/exrps/ada', 'POST')).status).to.equal(201);
    expect((await ask('/health')).body).to.equal('up');
    expect((await ask('/health', 'POST')).status).to.equal(404);
  });

  it('are found by the decoded path, and the first that fits is given', async () => {
    mock.setAnswers({ 'GET /stats/exrps/:user': { body: '1' }, [STATS]: { body: '2' } });
    expect((await ask('/stats/%65xrps/ada')).body).to.equal('1');
    expect((await ask('/stats/other/ada')).body).to.equal('2');
    expect((await ask('/stats/other/a%2Fb')).status).to.equal(404);
  });

  it('replace all earlier ones', async () => {
    mock.setAnswers({ [STATS]: { status: 500 } });
    mock.setAnswers({ 'GET /health': { body: 'up' } });
    expect((await ask('/stats/exrps/ada')).status).to.equal(200);
    expect(mock.answers()).to.deep.equal({ 'GET /health': { body: 'up' } });
  });

  it('stay as they were when new ones are refused', async () => {
    mock.setAnswers({ [STATS]: { status: 500 } });
    const wrong = { 'GET /health': { body: 'up' }, [STATS]: { status: 1 } };
    expect(() => mock.setAnswers(wrong)).to.throw(InvalidError, 'expected a status');
    expect((await ask('/stats/exrps/ada')).status).to.equal(500);
    expect((await ask('/health')).status).to.equal(404);
  });

  it('do not change with the object they were given as', async () => {
    const answers: Answers = { [STATS]: { status: 500, json: { a: 1 } } };
    mock.setAnswers(answers);
    answers[STATS] = { status: 200 };
    expect((await ask('/stats/exrps/ada')).status).to.equal(500);
  });

  it('go back to those of the data', async () => {
    await using own = await startMockStats({ data: { answers: { 'GET /a': { body: 'a' } } } });
    own.setAnswers({});
    expect((await rawRequest(own.url, 'GET', '/a')).status).to.equal(404);
    own.resetAnswers();
    expect((await rawRequest(own.url, 'GET', '/a')).body).to.equal('a');
  });

  it('with a status that has no body send none', async () => {
    mock.setAnswers({ [STATS]: { status: 204, body: 'x' } });
    const { status, body } = await ask('/stats/exrps/ada');
    expect(status).to.equal(204);
    expect(body).to.equal('');
  });
});
