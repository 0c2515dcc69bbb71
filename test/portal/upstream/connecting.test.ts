import { expect } from 'chai';
import { createServer, type LookupFunction, type Socket } from 'node:net';
import nodeFetch from 'node-fetch';
import { listen } from '../../../src/common/server.ts';
import { createLog } from '../../../src/portal/log.ts';
import { createService } from '../../../src/portal/upstream/service.ts';
import { openTransport } from '../../../src/portal/upstream/transport.ts';
import { PAGE, startPortalUnderTest, until } from '../portal-under-test.ts';
import { json, startStub } from '../stub-stats.ts';
import { flagged } from '../use-portal.ts';
import { CAUSE, failureOf, NO_PAUSE, useService } from './service-under-test.ts';

describe('portal: opening a connection to a service', () => {
  const system = useService();
  const ask = { path: ['thing'] };

  it('whose name nobody knows is unreachable, and costs the page nothing else (row 8)', async () => {
    // `.invalid` is reserved: no name server knows it.
    const patient = { ATTEMPT_TIMEOUT: '20s', PAGE_DEADLINE: '40s' };
    await using portal = await startPortalUnderTest('http://stats.invalid:5000', patient);
    const { status, body } = await portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    expect(body.leaderboard).to.deep.equal(flagged([], 'unreachable'));
    expect(body.player_stats).to.deep.equal(flagged({}, 'unreachable'));
    expect(portal.log.map((line) => String(line['cause'])).join()).to.match(/ENOTFOUND|EAI_AGAIN/);
  });

  it('looks a name up once for all who wait for it, so that a dead name server holds one thread', async () => {
    await using stub = await startStub();
    stub.board = json([]);
    const waiting: (() => void)[] = [];
    const lookup: LookupFunction = (_, options, callback) => {
      const found = { address: '127.0.0.1', family: 4 };
      waiting.push(() =>
        options.all ? callback(null, [found]) : callback(null, found.address, found.family),
      );
    };
    const transport = openTransport(nodeFetch, { lookup });
    const url = `http://stats.test:${new URL(stub.url).port}/`;
    const answers = Array.from({ length: 20 }, async () => (await transport.fetch(url, {})).json());
    await until(() => waiting.length > 0);
    await new Promise(setImmediate);
    expect(waiting).to.have.length(1);
    waiting[0]?.();
    expect(await Promise.all(answers)).to.have.length(20);
    // Afterwards the name may have moved: it is looked up again.
    transport.close();
    const again = openTransport(nodeFetch, { lookup });
    const later = again.fetch(url, {});
    await until(() => waiting.length === 2);
    waiting[1]?.();
    await (await later).json();
    again.close();
  });

  it('gives a look-up that fails to all who wait, and asks anew the next time', async () => {
    let asked = 0;
    const lookup: LookupFunction = (_, __, callback) => {
      asked += 1;
      setImmediate(() => callback(Object.assign(new Error('gone'), { code: 'ENOTFOUND' }), ''));
    };
    const transport = openTransport(nodeFetch, { lookup });
    const failing = () => transport.fetch('http://stats.test:1/', {}).catch(({ code }) => code);
    expect(await Promise.all([failing(), failing()])).to.deep.equal(['ENOTFOUND', 'ENOTFOUND']);
    expect(await failing()).to.equal('ENOTFOUND');
    expect(asked).to.equal(2);
    transport.close();
  });

  it('that takes longer than it may is a timeout, which is counted and tried again (row 14)', async () => {
    // TLS that never answers the greeting: the connection is never open.
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket.resume().on('error', () => undefined));
    });
    await using silent = await listen(server);
    system.restart({
      baseUrl: silent.url.replace('http:', 'https:'),
      connectTimeoutMs: 30,
      policy: { ...NO_PAUSE, deadlineMs: 20_000, attemptTimeoutMs: 10_000 },
    });
    const outcome = await system.call()(ask, CAUSE);
    expect(failureOf(outcome)).to.include({ reason: 'timeout', retryable: true, transient: true });
    expect(failureOf(outcome).message).to.include('no connection within 30 ms');
    expect(outcome.attempts).to.equal(2);
    expect(sockets).to.have.length(2);
    await until(() => sockets.every(({ destroyed }) => destroyed));
  });

  it('in time has all the time of the attempt for the answer', async () => {
    const policy = { attemptTimeoutMs: 10_000, deadlineMs: 20_000 };
    system.restart({ connectTimeoutMs: 500, policy });
    system.stub.board = (exchange) => void setTimeout(() => json(['late'])(exchange), 700);
    const outcome = await system.call()(ask, CAUSE);
    expect(outcome.ok).to.equal(true);
    expect(outcome.attempts).to.equal(1);
  });

  it('by something that minds no signal is left to itself at the deadline (row 14)', async () => {
    const service = createService(
      { name: 'deaf', baseUrl: 'http://127.0.0.1:1', policy: { deadlineMs: 40 } },
      {
        fetch: () => new Promise(() => undefined),
        log: createLog('silent'),
        random: Math.random,
        randomHex: (bytes) => '0'.repeat(2 * bytes),
        now: () => performance.timeOrigin + performance.now(),
      },
    );
    const outcome = await service.call({ name: 'thing', read: (it) => it })(ask, CAUSE);
    expect(failureOf(outcome)).to.include({ reason: 'timeout', retryable: true });
    service.close();
  });
});
