import { connect } from 'node:net';
import { expect } from 'chai';
import type { AnswerReport } from '../../../src/portal/observer.ts';
import { PAGE, until } from '../portal-under-test.ts';
import { ADA, BOARD, hang, text } from '../stub-stats.ts';
import {
  NO_DATABASE,
  startWatchedPortal,
  useWatchedPortal,
  type WatchedPortal,
} from './watched-portal.ts';

describe('portal: the line of each request in the log', () => {
  const system = useWatchedPortal();

  it('what goes well is quiet unless debug is chosen (row 119)', async () => {
    await system.portal.getAsAda(PAGE);
    expect(system.portal.log).to.deep.equal([]);
  });

  it('at debug each request and each call has one, with how long it took (row 119)', async () => {
    await using portal = await startWatchedPortal({ LOG_LEVEL: 'debug' });
    portal.stub.board = ({ response }) => {
      portal.clock += 12.34;
      response.end(JSON.stringify(BOARD));
    };
    const { headers } = await portal.getAsAda(`${PAGE}?secret=of-ada`);
    const requestId = headers['x-request-id'];
    const [access] = portal.log.filter(({ route }) => route !== undefined);
    expect(access).to.include({
      level: 'debug',
      method: 'GET',
      route: '/games/v2/games/:game_id',
      status: 200,
      durationMs: 12.3,
      requestId,
      msg: 'GET /games/v2/games/:game_id answered 200',
    });
    expect(access?.['user']).to.match(/^[0-9a-f]{12}$/);
    const calls = portal.log.filter(({ call }) => call !== undefined);
    expect(calls.map(({ call }) => call)).to.have.members(['leaderboard', 'player-stats']);
    for (const line of calls) {
      expect(line).to.include({ level: 'debug', service: 'stats', attempts: 1, requestId });
      expect(line['durationMs']).to.be.a('number');
      expect(line['url']).to.be.a('string');
    }
    expect(calls.find(({ call }) => call === 'player-stats')?.['user']).to.equal(access?.['user']);
    expect(portal.lines.join('')).to.not.include(ADA).and.not.include('of-ada');
  });

  it('an answer that lacks a part says which (row 119)', async () => {
    await using portal = await startWatchedPortal({ LOG_LEVEL: 'debug' });
    portal.stub.board = text('', 500);
    await portal.get(PAGE);
    const access = portal.log.find(({ route }) => route !== undefined);
    expect(access).to.deep.include({ status: 200, degraded: ['leaderboard'] });
  });

  it('what is expected is one line at info, without a stack (row 106)', async () => {
    const { portal } = system;
    await portal.get('/no/where?password=hunter2');
    await portal.get('/games/v2/games/nobody');
    await portal.get(PAGE, { authorization: 'Bearer nonsense' });
    await portal.send('DELETE', PAGE);
    expect(portal.log.map(({ level, status, code }) => [level, status, code])).to.deep.equal([
      ['info', 404, 'not_found'],
      ['info', 404, 'not_found'],
      ['info', 401, 'invalid_token'],
      ['info', 405, 'method_not_allowed'],
    ]);
    expect(portal.log[0]).to.include({ method: 'GET', path: '/no/where' });
    expect(portal.log[3]).to.include({ route: '/games/v2/games/:game_id' });
    expect(portal.lines.join('')).to.not.match(/stack|err"|hunter2/);
  });

  it('what nobody foresaw is one line at error, with its stack once (row 106)', async () => {
    await using portal = await startWatchedPortal({}, { unprotected: true });
    portal.stub.board = text('<html>');
    const { headers } = await portal.get(PAGE);
    expect(portal.log).to.have.length(1);
    const [line] = portal.log;
    expect(line).to.include({
      level: 'error',
      status: 500,
      route: '/games/v2/games/:game_id',
      requestId: headers['x-request-id'],
      msg: 'GET /games/v2/games/:game_id answered 500',
    });
    const err = line?.['err'] as Record<string, unknown>;
    expect(Object.keys(err)).to.include.members(['type', 'message', 'stack']);
    expect(portal.lines.join('').match(/"stack"/g)).to.have.length(1);
  });

  it('what fails behind the portal is one line with its cause (row 106)', async () => {
    await using portal = await startWatchedPortal(NO_DATABASE);
    const { status } = await portal.get(PAGE);
    const lines = portal.log.filter((line) => line['status'] === status);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: 'warn', code: 'unavailable' });
    expect(lines[0]?.['err']).to.nested.include({
      'cause.type': 'DatabaseError',
      'cause.code': '08001',
    });
    expect(JSON.stringify(lines)).to.not.include('"stack"');
  });

  it('an id with a line break, or a path with one, makes no line of its own', async () => {
    const { portal } = system;
    await portal.get('/a%0A{"level":"error"}%1b[31m', { 'x-request-id': 'x"},{"level":"fatal' });
    expect(portal.lines).to.have.length(1);
    expect(portal.lines[0]?.trimEnd()).to.not.include('\n');
    expect(portal.log[0]?.['requestId']).to.match(/^[0-9a-f]{32}$/);
  });

  it('a path as long as can be is cut', async () => {
    await system.portal.get(`/${'x'.repeat(8000)}`);
    expect(system.portal.lines[0]?.length).to.be.lessThan(600);
  });
});

describe('portal: what is told of each request', () => {
  const answers: AnswerReport[] = [];
  const system = useWatchedPortal(
    { LOG_LEVEL: 'debug', ATTEMPT_TIMEOUT: '20s', PAGE_DEADLINE: '20s' },
    { observers: [{ answered: (answer) => answers.push(answer) }] },
  );
  beforeEach(() => answers.splice(0));

  it('every end has one report: an answer, an error, an address that is not there', async () => {
    const { portal } = system;
    await portal.get('/health', { 'x-request-id': 'r1' });
    await portal.get('/nowhere', { 'x-request-id': 'r2' });
    await portal.send('PATCH', '/health', { headers: { 'x-request-id': 'r3' } });
    await portal.send('OPTIONS', '/health', { headers: { 'x-request-id': 'r4' } });
    const common = { gone: false, durationMs: 0, degraded: [], code: undefined };
    expect(answers).to.deep.equal([
      { ...common, method: 'GET', route: '/health', status: 200, requestId: 'r1' },
      {
        ...common,
        method: 'GET',
        route: undefined,
        status: 404,
        requestId: 'r2',
        code: 'not_found',
      },
      {
        ...common,
        method: 'PATCH',
        route: '/health',
        status: 405,
        requestId: 'r3',
        code: 'method_not_allowed',
      },
      { ...common, method: 'OPTIONS', route: '/health', status: 204, requestId: 'r4' },
    ]);
  });

  it('a client that goes away while the portal waits is told of as gone, and is no error', async () => {
    const { portal } = system;
    let release = () => {};
    portal.stub.board = ({ response }) => (release = () => response.end('[]'));
    await goAway(
      portal,
      `GET ${PAGE} HTTP/1.1\r\nHost: x\r\n\r\n`,
      () => portal.stub.calls.length > 0,
    );
    release();
    await until(() => answers.length === 1);
    expect(answers[0]).to.include({ route: '/games/v2/games/:game_id', gone: true });
    await expectNoError(portal);
  });

  it('a client that goes away in the middle of its body is told of as gone, and is no error', async () => {
    const { portal } = system;
    portal.stub.board = hang;
    const head = 'POST /token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    await goAway(portal, `${head}Content-Length: 100\r\n\r\n{`, () => true);
    await until(() => answers.length === 1);
    expect(answers[0]).to.include({ method: 'POST', route: '/token', gone: true });
    await expectNoError(portal);
  });

  async function expectNoError(portal: WatchedPortal): Promise<void> {
    expect(portal.log.filter(({ level }) => level !== 'debug')).to.deep.equal([]);
    expect(portal.log.at(-1)?.['msg']).to.equal('A client went away');
    const { body } = await portal.getAsOperator('/monitoring/errors');
    expect(body).to.include({ total_requests: 0, total_errors: 0 });
    expect((await portal.get('/metrics')).text).to.match(
      /^portal_requests_total\{.*status="gone"\} 1$/m,
    );
  }
});

async function goAway(portal: WatchedPortal, bytes: string, ready: () => boolean): Promise<void> {
  const socket = connect(Number(new URL(portal.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  await until(ready);
  socket.resetAndDestroy();
}
