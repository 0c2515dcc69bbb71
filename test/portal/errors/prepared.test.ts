import { expect } from 'chai';
import { Readable } from 'node:stream';
import type { Context, Next } from 'koa';
import { NotFound, type HttpError } from '../../../src/portal/errors/index.ts';
import { until } from '../portal-under-test.ts';
import { answerTo, startService } from './service.ts';

describe('errors: what was prepared for a success', () => {
  const STALE = {
    ETag: '"v1"',
    'Last-Modified': 'Wed, 21 Oct 2015 07:28:00 GMT',
    'Cache-Control': 'public, max-age=3600',
    Expires: 'Wed, 21 Oct 2099 07:28:00 GMT',
    'Content-Type': 'text/csv',
    'Content-Encoding': 'gzip',
    'Content-Disposition': 'attachment',
    'Content-Language': 'de',
    Location: '/there',
    'Set-Cookie': 'session=hunter2',
    Degraded: 'leaderboard;reason=timeout',
    'X-Total-Count': '12',
  };
  const STAYS = {
    'Access-Control-Allow-Origin': 'https://shop.test',
    'Access-Control-Expose-Headers': 'X-Request-Id',
    'X-Request-Id': 'r1',
    Vary: 'Origin',
    'Strict-Transport-Security': 'max-age=63072000',
    'Content-Security-Policy': "default-src 'none'",
    'RateLimit-Remaining': '0',
    'X-Mine': 'kept by choice',
  };

  it('is dropped, and what holds for errors too stays (rows 88, 114)', async () => {
    const work = (ctx: Context) => {
      ctx.set({ ...STALE, ...STAYS });
      ctx.body = 'a,b';
      throw new NotFound();
    };
    await using service = await startService(work, { keepHeaders: ['x-mine'] }, (ctx, next) => {
      ctx.state['requestId'] = 'r1';
      return next();
    });
    const { headers, body } = await service.get();
    const { 'content-type': type, 'cache-control': cache, vary, ...rest } = headers;
    expect(type).to.equal('application/problem+json');
    expect(cache).to.equal('no-store');
    expect(rest['x-content-type-options']).to.equal('nosniff');
    expect(vary).to.equal('Origin, Accept');
    for (const name of Object.keys(STALE)) expect(rest).to.not.have.property(name.toLowerCase());
    for (const [name, value] of Object.entries(STAYS)) {
      if (name !== 'Vary') expect(rest[name.toLowerCase()]).to.equal(value);
    }
    expect(body.request_id).to.equal('r1');
  });

  it('headers of an error win over those that stay, but not over no-store (rows 88, 117)', async () => {
    await using service = await startService((ctx) => {
      ctx.set('X-Request-Id', 'a');
      throw new NotFound('A.', { headers: { 'x-request-id': 'b', 'cache-control': 'public' } });
    });
    const { headers } = await service.get();
    expect(headers['x-request-id']).to.equal('b');
    expect(headers['cache-control']).to.equal('no-store');
  });

  it('without an id of the request there is none in the error (row 114)', async () => {
    expect((await answerTo(new NotFound())).body).to.not.have.property('request_id');
  });

  it('an id of the request that is no text is none (row 114)', async () => {
    await using service = await startService((ctx) => {
      ctx.state['requestId'] = { internal: 'hunter2' };
      throw new NotFound();
    });
    expect((await service.get()).body).to.not.have.property('request_id');
  });

  it('a stream is closed (row 88)', async () => {
    const stream = new Readable({ read() {} });
    await using service = await startService((ctx) => {
      ctx.body = stream;
      throw new NotFound();
    });
    expect((await service.get()).body.status).to.equal(404);
    await until(() => stream.destroyed);
  });

  it('an error is not cached: what was missing can be made, and is then there (row 117)', async () => {
    const made = new Set<string>();
    await using service = await startService((ctx) => {
      if (ctx.method === 'PUT') made.add(ctx.path);
      if (!made.has(ctx.path)) throw new NotFound();
      ctx.body = 'here';
    });
    const missing = await service.send('GET', {}, '/tea');
    expect([missing.status, missing.headers['cache-control']]).to.deep.equal([404, 'no-store']);
    await service.send('PUT', {}, '/tea');
    const there = await service.send('GET', {}, '/tea');
    expect([there.status, there.text]).to.deep.equal([200, 'here']);
    expect(there.headers).to.not.have.property('cache-control');
  });

  it('who stands outside sees which error was answered (row 106)', async () => {
    const errors: (HttpError | undefined)[] = [];
    const watch = async (ctx: Context, next: Next) => {
      await next();
      errors.push(ctx.state['error'] as HttpError | undefined);
    };
    const thrown = new NotFound();
    const failures: unknown[] = [thrown, new Error('hunter2'), undefined];
    const work = (ctx: Context) => {
      const failure = failures.shift();
      if (failure) throw failure;
      ctx.body = 'fine';
    };
    await using service = await startService(work, {}, watch);
    for (let i = 0; i < 3; i++) await service.get();
    expect(errors[0]).to.equal(thrown);
    expect(errors[1]).to.include({ status: 500, code: 'internal', severity: 'error' });
    expect(errors[2]).to.equal(undefined);
  });
});
