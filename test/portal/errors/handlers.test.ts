import { expect } from 'chai';
import { createErrorRegistry } from '../../../src/portal/errors/index.ts';
import { Lose, mute, Win } from './games.ts';
import { answerTo, startService } from './service.ts';

describe('errors: what a handler makes of the response', () => {
  it('a handler sees the error, the request and the response as far as it was made (row 69)', async () => {
    const registry = createErrorRegistry();
    const saw: unknown[] = [];
    registry.handle(Lose, (error, ctx) => {
      saw.push(
        error.message,
        ctx.method,
        ctx.path,
        ctx.status,
        ctx.body,
        ctx.response.get('x-made'),
      );
      ctx.set('X-Changed', 'after');
      ctx.set('X-Added', 'yes');
      ctx.status = 409;
    });
    await using service = await startService(
      (ctx) => {
        ctx.status = 201;
        ctx.set({ 'X-Made': 'before', 'X-Changed': 'before' });
        ctx.body = 'half';
        throw new Lose('by a nose');
      },
      { registry },
    );
    const { status, headers, text } = await service.send('PUT', {}, '/play');
    expect(saw).to.deep.equal(['by a nose', 'PUT', '/play', 201, 'half', 'before']);
    expect([status, text]).to.deep.equal([409, 'half']);
    expect(headers).to.include({ 'x-made': 'before', 'x-changed': 'after', 'x-added': 'yes' });
  });

  it('a mute handler leaves the response as it was (row 73)', async () => {
    await using service = await startService((ctx) => {
      ctx.status = 202;
      ctx.set('X-Made', 'before');
      ctx.body = { half: true };
      throw new Win();
    }, mute());
    const { status, headers, body } = await service.get();
    expect([status, body]).to.deep.equal([202, { half: true }]);
    expect(headers['x-made']).to.equal('before');
    expect(service.seen).to.deep.equal([]);
  });

  it('a mute handler leaves a status without a body, and a body with a 404, as they were (row 73)', async () => {
    await using accepted = await startService((ctx) => {
      ctx.status = 202;
      throw new Win();
    }, mute());
    expect((await accepted.get()).status).to.equal(202);
    await using missing = await startService((ctx) => {
      ctx.status = 404;
      ctx.body = 'half';
      throw new Win();
    }, mute());
    const { status, text } = await missing.get();
    expect([status, text]).to.deep.equal([404, 'half']);
  });

  it('a mute handler on a response that nobody had begun gives a 500 (rows 73, 74)', async () => {
    const { status, body, seen } = await answerTo(new Win(), mute());
    expect(status).to.equal(500);
    expect(body).to.include({ status: 500, code: 'internal' });
    expect(seen).to.deep.equal([]);
  });

  it('a handler that sets a body and no status answers 500, whatever was prepared (row 74)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Win, (_error, ctx) => void (ctx.body = 'Oops!'));
    const fresh = await answerTo(new Win(), { registry });
    expect([fresh.status, fresh.text]).to.deep.equal([500, 'Oops!']);
    await using service = await startService(
      (ctx) => {
        ctx.body = 'half';
        throw new Win();
      },
      { registry },
    );
    const { status, text, headers } = await service.get();
    expect([status, text]).to.deep.equal([500, 'Oops!']);
    expect(headers['cache-control']).to.equal('no-store');
  });

  it('a handler that sets the status there was means it (row 74)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Win, (_error, ctx) => {
      ctx.status = 200;
      ctx.body = 'You win!';
    });
    await using service = await startService(
      (ctx) => {
        ctx.body = 'half';
        throw new Win();
      },
      { registry },
    );
    expect((await service.get()).status).to.equal(200);
  });

  it('a handler that sets a status alone leaves the body to the common form (row 74)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Win, (_error, ctx) => void (ctx.status = 418));
    const { status, body } = await answerTo(new Win(), { registry });
    expect(status).to.equal(418);
    expect(body).to.include({ code: 'im_a_teapot' });
  });
});
