import { expect } from 'chai';
import {
  createErrorRegistry,
  InternalServerError,
  NotFound,
  ServiceUnavailable,
} from '../../../src/portal/errors/index.ts';
import { Lose, say, Win } from './games.ts';
import { answerTo, startService } from './service.ts';

describe('errors: those that nobody knows', () => {
  it('without a handler the client gets a 500 and the log the original, once (row 71)', async () => {
    const boom = new Error('db password=hunter2 10.1.2.3');
    const { status, text, body, seen } = await answerTo(boom);
    expect(status).to.equal(500);
    expect(body).to.deep.equal({
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something went wrong on our side.',
      code: 'internal',
    });
    expect(text).to.not.match(/hunter2|10\.1|Error:|at /);
    expect(seen).to.deep.equal([boom]);
  });

  it('one failed request does not show in the next (row 71)', async () => {
    let fails = true;
    await using service = await startService((ctx) => {
      if (fails) throw new Error('once');
      ctx.body = 'fine';
    });
    expect((await service.get()).status).to.equal(500);
    fails = false;
    expect((await service.get()).text).to.equal('fine');
    expect(service.seen).to.have.length(1);
  });

  it('errors of middleware are handled like those of routes (row 72)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Win, say('from middleware'));
    await using service = await startService(
      async (_ctx, next) => {
        await next();
        throw new Win();
      },
      { registry },
    );
    expect((await service.get()).text).to.equal('from middleware');
  });

  it('a throw three calls deep ends all of them (row 65)', async () => {
    const ran: string[] = [];
    const third = () => {
      ran.push('third');
      throw new NotFound('Deep down.');
    };
    const second = () => {
      third();
      ran.push('after third');
    };
    await using service = await startService(async (ctx) => {
      await Promise.resolve();
      second();
      ran.push('after second');
      ctx.body = 'never';
    });
    const { status, body } = await service.get();
    expect([status, body.detail]).to.deep.equal([404, 'Deep down.']);
    expect(ran).to.deep.equal(['third']);
  });

  it('unknown errors can be made known; those that are not stay a generic 500 (row 82)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Lose, (error) => {
      throw new ServiceUnavailable('The game is closed.', { cause: error, retryAfterMs: 7000 });
    });
    const lost = new Lose('table 7 has no cards');
    const known = await answerTo(lost, { registry });
    expect(known.status).to.equal(503);
    expect(known.headers['retry-after']).to.equal('7');
    expect(known.body.detail).to.equal('The game is closed.');
    expect(known.seen).to.have.length(1);
    expect((known.seen[0] as Error).cause).to.equal(lost);

    registry.handle(TypeError, (error) => {
      throw new InternalServerError(undefined, { cause: error });
    });
    for (const error of [new TypeError('x is undefined'), new SyntaxError('odd')]) {
      const { status, text, seen } = await answerTo(error, { registry });
      expect(status).to.equal(500);
      expect(text).to.not.match(/undefined|odd|TypeError|SyntaxError/);
      expect(seen).to.have.length(1);
    }
  });

  for (const thrown of ['a string', 7, null, undefined, { status: 404, expose: true }]) {
    it(`throwing ${JSON.stringify(thrown)}, which is no error, is a 500 (row 71)`, async () => {
      const registry = createErrorRegistry();
      registry.handle(Error, say('never'));
      const { status, seen } = await answerTo(thrown, { registry });
      expect(status).to.equal(500);
      expect(seen).to.have.length(1);
      expect(seen[0]).to.be.instanceOf(Error);
      expect((seen[0] as Error).message).to.include('not an error was thrown');
      expect((seen[0] as Error).cause).to.equal(thrown);
    });
  }
});
