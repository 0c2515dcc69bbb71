import { expect } from 'chai';
import { rawClient, type RawAnswer } from '../../helpers/raw-client.ts';
import { asAda, PAGE, startPortalUnderTest, until } from '../portal-under-test.ts';
import { BOARD, hang, NAMED_BOARD, startStub, type Exchange } from '../stub-stats.ts';

const PATIENT = { ATTEMPT_TIMEOUT: '1h', PAGE_DEADLINE: '1h' };

describe('portal: stopping while requests are under way', () => {
  it('they are finished, those who wait for nothing are closed, and nobody new is let in', async () => {
    await using stub = await startStub();
    const held: Exchange[] = [];
    stub.board = (exchange) => void held.push(exchange);
    const portal = await startPortalUnderTest(stub.url, { ...PATIENT, STOP_GRACE: '1h' });
    const idle = rawClient(portal.url);
    idle.send('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await idle.answer();

    const asked = portal.get('/games/v2/leaderboard/exrps');
    await until(() => held.length === 1);
    const stopped = portal[Symbol.asyncDispose]();
    expect(await idle.ended).to.equal('fin');
    idle.destroy();
    expect(await rawClient(portal.url).ended).to.equal('refused');

    held[0]?.response.end(JSON.stringify(BOARD));
    const { status, body } = await asked;
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ data: NAMED_BOARD, error: false });
    await stopped;
  });

  it('what takes longer than the grace is answered without what is missing', async () => {
    await using stub = await startStub();
    stub.board = hang;
    stub.stats = hang;
    const portal = await startPortalUnderTest(stub.url, { ...PATIENT, STOP_GRACE: '50ms' });
    const headers = await asAda();
    const asked = portal.get(PAGE, headers);
    await until(() => stub.calls.length === 2);
    await portal[Symbol.asyncDispose]();
    const { status, body } = await asked;
    expect(status).to.equal(200);
    expect(body.degraded).to.equal(true);
    expect(body.game.game_id).to.equal('exrps');
    await until(() => stub.connections() === 0);
  });

  it('who would ask again on the same connection is told that it ends with the answer', async () => {
    await using stub = await startStub();
    const held: Exchange[] = [];
    stub.board = (exchange) => void held.push(exchange);
    const portal = await startPortalUnderTest(stub.url, { ...PATIENT, STOP_GRACE: '1h' });
    const client = rawClient(portal.url);
    client.send('GET /games/v2/leaderboard/exrps HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => held.length === 1);
    const stopped = portal[Symbol.asyncDispose]();
    held[0]?.response.end(JSON.stringify(BOARD));
    const { head, status } = (await client.answer()) as RawAnswer;
    expect(status).to.equal(200);
    expect(head).to.match(/^connection: close/im);
    expect(await client.ended).to.equal('fin');
    client.destroy();
    await stopped;
  });

  it('a request that was only half there is answered, and told to ask no more', async () => {
    await using stub = await startStub();
    const held: Exchange[] = [];
    stub.board = (exchange) => void held.push(exchange);
    const portal = await startPortalUnderTest(stub.url, { ...PATIENT, STOP_GRACE: '1h' });
    const late = rawClient(portal.url);
    late.send('GET /health HTTP/1.1\r\nHost: x\r\n');
    const asked = portal.get('/games/v2/leaderboard/exrps');
    await until(() => held.length === 1);
    const stopped = portal[Symbol.asyncDispose]();
    late.send('\r\n');
    const { head, status } = (await late.answer()) as RawAnswer;
    expect(status).to.equal(200);
    expect(head).to.match(/^connection: close/im);
    late.destroy();
    held[0]?.response.end(JSON.stringify(BOARD));
    expect((await asked).status).to.equal(200);
    await stopped;
  });

  it('a client that never ends its request does not hold up the end', async () => {
    await using stub = await startStub();
    const portal = await startPortalUnderTest(stub.url, { STOP_GRACE: '20ms' });
    const client = rawClient(portal.url);
    client.send('POST /token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
    client.send('Content-Length: 100\r\n\r\n{');
    await until(async () => (await portal.get('/health')).status === 200);
    await portal[Symbol.asyncDispose]();
    expect(await client.ended).to.be.oneOf(['fin', 'rst']);
    client.destroy();
  });

  it('stopping without anything under way takes no grace', async () => {
    await using stub = await startStub();
    const portal = await startPortalUnderTest(stub.url, { STOP_GRACE: '1h' });
    await portal.get('/health');
    await portal[Symbol.asyncDispose]();
  });
});
