import { expect } from 'chai';
import type { Context } from 'koa';
import { createErrorRegistry, HttpError, NotFound } from '../../../src/portal/errors/index.ts';
import { GameError, Lose, say, Win } from './games.ts';
import { answerTo } from './service.ts';

describe('errors: the registry', () => {
  it('the nearest class wins, in whichever order they were registered (row 68)', async () => {
    for (const order of ['parent first', 'child first']) {
      const registry = createErrorRegistry();
      const parent = () =>
        registry.handle(GameError, (_error, ctx) => {
          ctx.status = 500;
          ctx.body = 'Something went wrong…';
        });
      if (order === 'parent first') parent();
      registry.handle(Win, (_error, ctx) => {
        ctx.status = 200;
        ctx.body = 'You win!';
      });
      if (order === 'child first') parent();
      const won = await answerTo(new Win(), { registry });
      expect([won.status, won.text]).to.deep.equal([200, 'You win!']);
      const lost = await answerTo(new Lose(), { registry });
      expect([lost.status, lost.text]).to.deep.equal([500, 'Something went wrong…']);
      expect([won.seen, lost.seen]).to.deep.equal([[], []]);
      const other = await answerTo(new RangeError('We did not expect that.'), { registry });
      expect(other.status).to.equal(500);
      expect(other.body).to.include({ code: 'internal' });
      expect(other.seen).to.have.length(1);
    }
  });

  it('a nearer ancestor wins over a farther one (row 68)', async () => {
    class Middle extends GameError {}
    class Leaf extends Middle {}
    const registry = createErrorRegistry();
    registry.handle(GameError, say('game'));
    registry.handle(Middle, say('middle'));
    registry.handle(Error, say('error'));
    expect((await answerTo(new Leaf(), { registry })).text).to.equal('middle');
    expect((await answerTo(new Lose(), { registry })).text).to.equal('game');
    expect((await answerTo(new TypeError(), { registry })).text).to.equal('error');
  });

  it('the latest of two handlers of one class wins (row 68)', async () => {
    const registry = createErrorRegistry();
    registry.handle(GameError, say('first'));
    registry.handle(GameError, say('second'));
    expect((await answerTo(new Win(), { registry })).text).to.equal('second');
  });

  it('a handler answers its class and those below, and no other (row 136)', async () => {
    class MissingKey extends RangeError {}
    const registry = createErrorRegistry();
    registry.handle(RangeError, say('Oops!'));
    expect((await answerTo(new RangeError(), { registry })).text).to.equal('Oops!');
    expect((await answerTo(new MissingKey(), { registry })).text).to.equal('Oops!');
    for (const other of [new TypeError('a'), new SyntaxError('b'), new Error('c')]) {
      const { status, seen } = await answerTo(other, { registry });
      expect(status).to.equal(500);
      expect(seen).to.deep.equal([other]);
    }
  });

  it('is told of a handler by a call, or as by a decorator, which gives the handler back (row 67)', async () => {
    const registry = createErrorRegistry();
    const onWin = registry.handle(Win)(say('decorated'));
    registry.handle(Lose, say('called'));
    expect(onWin).to.be.a('function');
    expect((await answerTo(new Win(), { registry })).text).to.equal('decorated');
    expect((await answerTo(new Lose(), { registry })).text).to.equal('called');
  });

  it('decorates a method (row 67)', async () => {
    const registry = createErrorRegistry();
    class Answers {
      @registry.handle(Win)
      onWin(_error: Win, ctx: Context): void {
        ctx.status = 200;
        ctx.body = 'from a method';
      }
    }
    expect(new Answers()).to.have.property('onWin');
    expect((await answerTo(new Win(), { registry })).text).to.equal('from a method');
  });

  it('a handler may take its time (row 67)', async () => {
    const registry = createErrorRegistry();
    registry.handle(Win, async (_error, ctx) => {
      await new Promise((resolve) => setImmediate(resolve));
      ctx.status = 202;
      ctx.body = 'later';
    });
    const { status, text } = await answerTo(new Win(), { registry });
    expect([status, text]).to.deep.equal([202, 'later']);
  });

  for (const handler of [undefined, null, 'no', {}, 404]) {
    it(`refuses ${JSON.stringify(handler)} for a handler, at once (row 67)`, () => {
      const registry = createErrorRegistry();
      const refused = 'the handler of Win must be a function, got';
      expect(() => registry.handle(Win, handler as never)).to.throw(TypeError, refused);
      expect(() => registry.handle(Win)(handler as never)).to.throw(TypeError, refused);
      expect(registry.find(new Win())).to.equal(undefined);
    });
  }

  for (const [name, type] of [
    ['Map', Map],
    ['onError', function onError() {}],
    [
      'a function without a name',
      (
        () => () =>
          undefined
      )(),
    ],
    ['"Error"', 'Error'],
    ['404', 404],
    ['undefined', undefined],
    ['{}', new Error('an instance')],
  ] as const) {
    it(`refuses what is no class of errors: ${name} (row 67)`, () => {
      const registry = createErrorRegistry();
      const expected = `expected a class of errors, got ${name}`;
      expect(() => registry.handle(type as never, say('no'))).to.throw(TypeError, expected);
      expect(() => registry.handle(type as never)).to.throw(TypeError, expected);
    });
  }

  it('handlers of HTTP errors take the place of the common answer (rows 67, 76)', async () => {
    const registry = createErrorRegistry();
    registry.handle(HttpError, (error, ctx) => {
      ctx.status = error.status;
      ctx.body = `${error.title}!`;
    });
    expect((await answerTo(new NotFound(), { registry })).text).to.equal('404 Not Found!');
  });
});
