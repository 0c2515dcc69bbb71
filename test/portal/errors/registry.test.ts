import { expect } from 'chai';
import type { Context } from 'koa';
import {
  createErrorRegistry,
  HttpError,
  httpError,
  InternalServerError,
  NotFound,
  ServiceUnavailable,
} from '../../../src/portal/errors/index.ts';
import { answerTo, startService } from './service.ts';

class GameError extends Error {}
class Win extends GameError {}
class Lose extends GameError {}

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
      static onWin(_error: Win, ctx: Context): void {
        ctx.status = 200;
        ctx.body = 'from a method';
      }
    }
    expect(Answers.onWin).to.be.a('function');
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

  it('handlers of HTTP errors take the place of the common answer (rows 67, 76)', async () => {
    const registry = createErrorRegistry();
    registry.handle(HttpError, (error, ctx) => {
      ctx.status = error.status;
      ctx.body = `${error.title}!`;
    });
    expect((await answerTo(new NotFound(), { registry })).text).to.equal('404 Not Found!');
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

function say(text: string) {
  return (_error: Error, ctx: Context): void => {
    ctx.status = 200;
    ctx.body = text;
  };
}

function mute() {
  const registry = createErrorRegistry();
  registry.handle(Win, () => {});
  return { registry };
}
