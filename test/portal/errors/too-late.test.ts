import { expect } from 'chai';
import { connect } from 'node:net';
import { NotFound, ServiceUnavailable } from '../../../src/portal/errors/index.ts';
import { until } from '../portal-under-test.ts';
import { startService } from './service.ts';

describe('errors: when it is too late to answer', () => {
  for (const [error, respond] of [
    [new Error('boom'), false],
    [new Error('boom'), true],
    [new ServiceUnavailable(), false],
    [new NotFound(), false],
  ] as const) {
    it(`a half-sent answer ends early, and the ${error.name} goes to the log: ${respond} (row 71)`, async () => {
      await using service = await startService(async (ctx) => {
        ctx.respond = respond;
        ctx.res.writeHead(200, { 'Content-Length': '10' });
        await new Promise((resolve) => ctx.res.write('half', resolve));
        throw error;
      });
      const failed = await service.get().then(
        () => undefined,
        (failure: unknown) => failure,
      );
      expect(failed).to.be.instanceOf(Error);
      expect(service.seen).to.deep.equal([error]);
    });
  }

  it('an answer that was sent whole stays whole (row 71)', async () => {
    // More than the system takes at once.
    const whole = 'x'.repeat(20_000_000);
    await using service = await startService(async (ctx) => {
      ctx.respond = false;
      ctx.res.writeHead(200);
      ctx.res.end(whole);
      throw new Error('afterwards');
    });
    const { status, text } = await service.get();
    expect([status, text]).to.deep.equal([200, whole]);
    expect(service.seen).to.have.length(1);
  });

  it('who answers by hand, and fails before, is answered for (row 71)', async () => {
    await using service = await startService((ctx) => {
      ctx.respond = false;
      throw new NotFound('By hand.');
    });
    expect((await service.get()).body.detail).to.equal('By hand.');
  });

  it('who answers by hand is left alone', async () => {
    await using service = await startService((ctx) => {
      ctx.respond = false;
      ctx.res.statusCode = 404;
      setImmediate(() => ctx.res.end('by hand'));
    });
    expect((await service.get()).text).to.equal('by hand');
  });

  it('a client that has gone harms nobody (row 71)', async () => {
    const failure = new Error('nobody waits for this');
    let arrived = false;
    await using service = await startService(async (ctx) => {
      if (ctx.path !== '/slow') return void (ctx.body = 'fine');
      const gone = new Promise((resolve) => ctx.socket.once('close', resolve));
      arrived = true;
      await gone;
      throw failure;
    });
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => arrived);
    socket.resetAndDestroy();
    await until(() => service.seen.includes(failure));
    expect((await service.get()).text).to.equal('fine');
  });
});
