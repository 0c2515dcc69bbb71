import { expect } from 'chai';
import { Router } from '@koa/router';
import type { Context, Next } from 'koa';
import { createErrorRegistry, NotFound, type HttpError } from '../../../src/portal/errors/index.ts';
import { answerTo, startService } from './service.ts';

describe('errors: what Koa and its middleware throw', () => {
  for (const [what, work, status, detail] of [
    ['ctx.throw(404)', (ctx: Context) => ctx.throw(404), 404, 'Not Found'],
    ['ctx.throw(400, …)', (ctx: Context) => ctx.throw(400, 'name required'), 400, 'name required'],
    ['ctx.assert', (ctx: Context) => ctx.assert(false, 401, 'Please login!'), 401, 'Please login!'],
    ['ctx.throw(418)', (ctx: Context) => ctx.throw(418), 418, "I'm a Teapot"],
    [
      'ctx.throw(503, …), whose message is not for clients',
      (ctx: Context) => ctx.throw(503, 'db password=hunter2'),
      503,
      'This is not available now.',
    ],
    [
      'ctx.throw of an error of ours',
      (ctx: Context) => ctx.throw(new Error('hunter2')),
      500,
      'Something went wrong on our side.',
    ],
  ] as const) {
    it(`${what} becomes a ${status} in the common form (row 63)`, async () => {
      await using service = await startService(work);
      const answer = await service.get();
      expect(answer.status).to.equal(status);
      expect(answer.body).to.include({ status, detail });
      expect(answer.text).to.not.include('hunter2');
      expect(service.seen).to.have.length(status < 500 ? 0 : 1);
    });
  }

  it('its headers are sent, and the log gets what was thrown (row 71)', async () => {
    await using service = await startService((ctx) =>
      ctx.throw(503, 'db is away', { headers: { 'Retry-After': '9' } }),
    );
    const { headers } = await service.get();
    expect(headers['retry-after']).to.equal('9');
    expect((service.seen[0] as Error).message).to.equal('db is away');
  });

  it('a handler of NotFound answers ctx.throw(404) as well (row 67)', async () => {
    const registry = createErrorRegistry();
    registry.handle(NotFound, (error, ctx) => {
      ctx.status = 404;
      ctx.body = `mine: ${error.code}, ${error.message}`;
    });
    await using service = await startService((ctx) => ctx.throw(404, 'no tea'), { registry });
    expect((await service.get()).text).to.equal('mine: not_found, no tea');
  });

  for (const foreign of [
    { status: 404 },
    { status: 401, statusCode: 401, headers: { 'x-upstream': 'yes' } },
    { status: 200, expose: true },
    { status: 700, expose: true },
    { status: '404', expose: true },
  ]) {
    it(`an error with ${JSON.stringify(foreign)} is none of HTTP: it may be another service’s (rows 71, 102)`, async () => {
      const error = Object.assign(new Error('upstream said no'), foreign);
      const { status, headers, text, seen } = await answerTo(error);
      expect(status).to.equal(500);
      expect(text).to.not.include('upstream');
      expect(headers).to.not.have.property('x-upstream');
      expect(seen).to.deep.equal([error]);
    });
  }

  for (const mark of [{ body: '{bad' }, { type: 'entity.parse.failed' }]) {
    it(`what parsers of bodies throw is malformed JSON: ${JSON.stringify(mark)} (row 50)`, async () => {
      const error = Object.assign(new SyntaxError('Unexpected token b'), { status: 400, ...mark });
      const { status, body, seen } = await answerTo(error);
      expect(status).to.equal(400);
      expect(body).to.include({ code: 'malformed_json', detail: 'JSON is malformed.' });
      expect(seen).to.deep.equal([]);
    });
  }

  for (const mark of [{}, { status: 400 }, { body: '{bad' }, { status: 500, body: '{bad' }]) {
    it(`a SyntaxError of our own is a 500: ${JSON.stringify(mark)} (row 71)`, async () => {
      const error = Object.assign(new SyntaxError('Unexpected token b'), mark);
      expect((await answerTo(error)).status).to.equal(500);
    });
  }

  it('an error without a message gets the common one, and is kept as the cause (row 81)', async () => {
    const blank = Object.assign(new Error(' '), { status: 404, expose: true });
    let answered: HttpError | undefined;
    await using service = await startService(
      () => {
        throw blank;
      },
      {},
      async (ctx, next) => {
        await next();
        answered = ctx.state['error'] as HttpError;
      },
    );
    expect((await service.get()).body.detail).to.equal('There is nothing at this address.');
    expect(answered?.cause).to.equal(blank);
  });

  it('a status alone keeps the headers that belong to it (row 86)', async () => {
    await using service = await startService((ctx) => {
      ctx.set({ 'WWW-Authenticate': 'ApiKey', 'Retry-After': '9', Allow: 'GET', ETag: '"a"' });
      ctx.status = Number(ctx.path.slice(1));
    });
    for (const status of [401, 405, 503]) {
      const { headers } = await service.send('GET', {}, `/${status}`);
      expect(headers).to.include({
        'www-authenticate': 'ApiKey',
        'retry-after': '9',
        allow: 'GET',
      });
      expect(headers).to.not.have.property('etag');
    }
  });

  for (const [status, detail] of [
    [404, 'There is nothing at this address.'],
    [403, 'You may not do this.'],
    [501, 'Not Implemented.'],
  ] as const) {
    it(`a status alone, ${status}, gets a body (row 46)`, async () => {
      await using service = await startService((ctx) => void (ctx.status = status));
      const answer = await service.get();
      expect(answer.status).to.equal(status);
      expect(answer.body).to.include({ status, detail });
    });
  }

  it('a request that nobody answers is a 404, and a body with an error status is left alone (row 46)', async () => {
    await using nobody = await startService((_ctx, next) => next());
    expect((await nobody.get()).body).to.include({ status: 404, code: 'not_found' });
    await using own = await startService((ctx) => {
      ctx.status = 404;
      ctx.body = 'mine';
    });
    expect((await own.get()).text).to.equal('mine');
  });

  for (const options of [{}, { throw: true }]) {
    it(`the router's 405 keeps what is allowed: ${JSON.stringify(options)} (row 54)`, async () => {
      const router = new Router();
      router.get('/tea', (ctx) => void (ctx.body = 'tea'));
      const routes = router.routes() as unknown as (ctx: Context, next: Next) => Promise<unknown>;
      const allowed = router.allowedMethods(options) as unknown as typeof routes;
      await using service = await startService((ctx, next) =>
        routes(ctx, () => allowed(ctx, next) as Promise<void>),
      );
      const { status, headers, body } = await service.send('POST', {}, '/tea');
      expect(status).to.equal(405);
      expect(body).to.include({ status: 405, code: 'method_not_allowed' });
      if (!('throw' in options)) expect(headers['allow']).to.equal('HEAD, GET');
      expect((await service.send('GET', {}, '/tea')).text).to.equal('tea');
      expect((await service.send('OPTIONS', {}, '/tea')).status).to.equal(200);
    });
  }
});
