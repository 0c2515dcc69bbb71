import { expect } from 'chai';
import {
  createErrorRegistry,
  HttpError,
  httpError,
  NotFound,
  ServiceUnavailable,
} from '../../../src/portal/errors/index.ts';
import { GameError, Lose, say, Win } from './games.ts';
import { answerTo, startService } from './service.ts';

describe('errors: handlers that throw', () => {
  it('what a handler throws is handled in its turn: A gives a 418 (row 70)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Lose, () => {
      throw httpError(418, 'Short and stout.');
    });
    const { status, body, seen } = await answerTo(new Lose(), { registry });
    expect(status).to.equal(418);
    expect(body.detail).to.equal('Short and stout.');
    expect(seen).to.deep.equal([]);
  });

  it('handlers that throw at each other end in a plain 500 after five more (row 70)', async () => {
    const registry = createErrorRegistry();
    let runs = 0;
    registry.handle(Win, () => {
      runs += 1;
      throw new Lose('lost');
    });
    registry.handle(Lose, () => {
      runs += 1;
      throw new Win('won');
    });
    const original = new Win('the first');
    const { status, body, seen } = await answerTo(original, { registry });
    expect(status).to.equal(500);
    expect(body).to.include({ code: 'internal', detail: 'Something went wrong on our side.' });
    expect(runs).to.equal(6);
    expect(seen.filter((error) => error === original)).to.have.length(1);
    expect(seen).to.have.length(2);
  });

  it('a handler that answers after four others have thrown is in time (row 70)', async () => {
    const registry = createErrorRegistry();
    let runs = 0;
    registry.handle(Win, (_error, ctx) => {
      runs += 1;
      if (runs < 6) throw new Win('again');
      ctx.status = 200;
      ctx.body = 'at last';
    });
    expect((await answerTo(new Win(), { registry })).text).to.equal('at last');
  });

  it('HTTP errors without end end in a plain 500 too (row 70)', async () => {
    const registry = createErrorRegistry();
    registry.handle(HttpError, () => {
      throw new NotFound('again');
    });
    const { status, body } = await answerTo(new NotFound('first'), { registry });
    expect(status).to.equal(500);
    expect(body.code).to.equal('internal');
  });

  it('a handler that throws what it got leaves it to the next nearest one (row 70)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Win, (error) => {
      throw error;
    });
    registry.handle(GameError, say('the game'));
    expect((await answerTo(new Win(), { registry })).text).to.equal('the game');
    registry.handle(NotFound, (error) => {
      throw error;
    });
    expect((await answerTo(new NotFound('As ever.'), { registry })).body.detail).to.equal(
      'As ever.',
    );
    const alone = createErrorRegistry();
    alone.handle(Win, (error) => {
      throw error;
    });
    const win = new Win('nobody wants it');
    const { status, seen } = await answerTo(win, { registry: alone });
    expect(status).to.equal(500);
    expect(seen).to.deep.equal([win]);
  });

  it('a handler that has left one error to others gets the next one (row 70)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Win, (error, ctx) => {
      if (error.message === 'first') throw error;
      say(`got the ${error.message}`)(error, ctx);
    });
    registry.handle(GameError, () => {
      throw new Win('second');
    });
    expect((await answerTo(new Win('first'), { registry })).text).to.equal('got the second');
  });

  it('what Koa throws can be left to the common answer, too, and is told of as it was (rows 70, 71)', async () => {
    const registry = createErrorRegistry();
    registry.handle(ServiceUnavailable, (error) => {
      throw error;
    });
    await using service = await startService((ctx) => ctx.throw(503, 'db is away'), { registry });
    expect((await service.get()).status).to.equal(503);
    expect((service.seen as Error[]).map(({ message }) => message)).to.deep.equal(['db is away']);
  });

  it('errors that are the cause of each other are told of, each once (rows 70, 71)', async () => {
    const [one, other] = [new Win('one'), new RangeError('other')];
    one.cause = other;
    other.cause = one;
    expect((await answerTo(one)).seen).to.deep.equal([one]);
    const third = new TypeError('third', { cause: other });
    const registry = createErrorRegistry();
    registry.handle(GameError, () => {
      throw third;
    });
    const lost = new Lose('elsewhere');
    const { status, seen, body } = await answerTo(lost, { registry });
    expect([status, body.code]).to.deep.equal([500, 'internal']);
    expect(seen).to.have.members([third, lost]).and.to.have.length(2);
  });

  it('a handler that fails is told of, as is what it was to handle, each once (rows 70, 71)', async () => {
    const registry = createErrorRegistry();
    const [original, failure] = [new Win('original'), new TypeError('the handler is broken')];
    registry.handle(Win, () => {
      throw failure;
    });
    const { status, text, seen } = await answerTo(original, { registry });
    expect(status).to.equal(500);
    expect(text).to.not.match(/original|broken/);
    expect(seen).to.have.members([original, failure]).and.to.have.length(2);
  });
});
