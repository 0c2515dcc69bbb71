import { expect } from 'chai';
import { readConfig } from '../../../src/portal/config.ts';
import { openStorage } from '../../../src/portal/storage/open.ts';
import { startCustomPortal } from '../custom-portal.ts';
import { asPlayer, clientOf, PAGE, SECRET } from '../portal-under-test.ts';
import { GOOD, REVIEWS, useReviews } from '../reviews/use-reviews.ts';

const BAD_TOKEN = { authorization: 'Bearer junk' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** Every kind of parameter that can be wrong, on a route that looks at tokens. */
const WRONG: readonly (readonly [string, string, string?])[] = [
  ['GET', '/games/v1/games/?page=x'],
  ['GET', '/games/v1/games/%zz'],
  ['GET', '/games/v1/leaderboard/..'],
  ['GET', '/games/v1/stats/%ff'],
  ['GET', '/games/v2/games/none'],
  ['GET', '/games/v2/leaderboard/%zz'],
  ['GET', '/games/v2/stats/..'],
  ['GET', `${REVIEWS}?page=x`],
  ['GET', `${REVIEWS}/notAnId`],
  ['POST', REVIEWS, '{}'],
  ['POST', REVIEWS, '{bad'],
  ['POST', '/games/v1/games/none/reviews', '{}'],
  ['PUT', `${REVIEWS}/notAnId`, '{}'],
  ['PATCH', `${REVIEWS}/notAnId`, '{bad'],
  ['DELETE', `${REVIEWS}/notAnId`],
];

describe('portal: the order in which a request is looked at', () => {
  const system = useReviews();

  afterEach(() => expect(system.stub.calls).to.deep.equal([]));

  for (const [method, path, body] of WRONG) {
    it(`${method} ${path} with a bad token is a 401, not what its parameters deserve (row 41)`, async () => {
      const headers = { ...BAD_TOKEN, ...JSON_TYPE };
      const bad = await system.portal.send(method, path, { headers, ...(body && { body }) });
      expect(bad.status).to.equal(401);
      const good = await system.ask(method, path, 'ada', body);
      expect(good.status).to.be.oneOf([400, 404]);
    });
  }

  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    it(`${method} of an unknown route with a bad token is a 404 (row 41)`, async () => {
      for (const path of ['/nowhere', '/games/v1/nowhere/%zz', `${REVIEWS}/1/more`, '/tokens']) {
        const headers = { ...BAD_TOKEN, ...JSON_TYPE };
        expect((await system.portal.send(method, path, { headers, body: '{bad' })).status).to.equal(
          404,
        );
      }
    });
  }

  it('an unknown method with a bad token is a 405 (row 41)', async () => {
    for (const path of [PAGE, REVIEWS, '/token/']) {
      const { status } = await system.portal.send('PROPFIND', path, { headers: BAD_TOKEN });
      expect(status).to.equal(405);
    }
  });

  it('who may not do it is told so before what is wrong with the body (rows 40, 41)', async () => {
    const path = await system.graceReviews();
    for (const [method, player, body] of [
      ['PUT', 'ada', '{}'],
      ['PUT', 'ada', '{bad'],
      ['PUT', 'ada', JSON.stringify(GOOD)],
      ['DELETE', 'ada', undefined],
      ['DELETE', 'linus', '{bad'],
      ['PATCH', 'grace', '{}'],
      ['PATCH', 'grace', '{"increase_votes_by":1}'],
    ] as const) {
      const answered = await system.ask(method, path, player, body);
      expect(answered.status, `${method} ${body}`).to.equal(403);
      expect(answered.body).to.include({ status: 403, code: 'forbidden' });
    }
    expect((await system.ask('GET', path)).body).to.include({ ...GOOD, votes: 0 });
  });

  for (const [what, authorization, said] of [
    ['no Authorization header', undefined, 'Missing Authorization header'],
    ['a blank token', 'Bearer', 'Authorization header Bearer token is blank'],
    ['a blank token behind spaces', 'Bearer   ', 'Authorization header Bearer token is blank'],
    ['another scheme', 'Basic YWRhOmFkYQ==', 'Authorization must be a Bearer token.'],
    ['a forged token', 'Bearer e30.e30.e30', 'The token is invalid or has expired.'],
  ] as const) {
    it(`${what} is a 401 that says so where somebody must be signed in (rows 38, 39)`, async () => {
      const path = await system.graceReviews();
      for (const [method, at, body] of [
        ['POST', REVIEWS, GOOD],
        ['PUT', path, GOOD],
        ['PATCH', path, { increase_votes_by: 1 }],
        ['DELETE', path, undefined],
        ['POST', REVIEWS, {}],
        ['PUT', path, {}],
        ['DELETE', `${REVIEWS}/notAnId`, undefined],
      ] as const) {
        const headers = { ...JSON_TYPE, ...(authorization !== undefined && { authorization }) };
        const text = body && JSON.stringify(body);
        const answered = await system.portal.send(method, at, {
          headers,
          ...(text !== undefined && { body: text }),
        });
        expect(answered.status).to.equal(401);
        expect(answered.body.detail).to.equal(said);
        expect(answered.headers['www-authenticate']).to.match(/^Bearer realm="portal"/);
      }
      expect((await system.ask('GET', path)).body).to.include({ ...GOOD, votes: 0 });
    });
  }

  it('nothing is asked of the storage for what is not valid (row 55)', async () => {
    const asked: string[] = [];
    const { send, stop } = await portalWithSpies((name) => asked.push(name));
    const path = `${REVIEWS}/notAnId`;
    for (const [method, at, body] of [
      ['GET', path],
      ['PUT', path, '{}'],
      ['PATCH', path, '{}'],
      ['DELETE', path],
      ['POST', REVIEWS, '{}'],
      ['POST', REVIEWS, '{bad'],
      ['POST', REVIEWS, '{"rating_out_of_five":6,"text":"x"}'],
      ['POST', '/register/', '{}'],
      ['POST', '/token/', '{}'],
    ] as const) {
      expect(await send(method, at, body), `${method} ${at} ${body}`).to.equal(400);
    }
    expect(asked).to.deep.equal([]);
    expect(await send('POST', REVIEWS, JSON.stringify(GOOD))).to.equal(201);
    expect(asked).to.deep.equal(['games.find', 'reviews.add']);

    // Whose it is has to be asked; that it is to be changed is not told before it is known how.
    asked.length = 0;
    for (const body of ['{}', '{bad', '{"rating_out_of_five":6}']) {
      expect(await send('PUT', `${REVIEWS}/1`, body)).to.equal(400);
    }
    expect(new Set(asked)).to.deep.equal(new Set(['games.find', 'reviews.find']));
    await stop();
  });
});

async function portalWithSpies(tell: (name: string) => void) {
  const config = readConfig({ JWT_SECRET: SECRET, LOG_LEVEL: 'silent' });
  const portal = await startCustomPortal(config, {
    openStorage: (...given) => {
      const storage = openStorage(...given);
      const spied = <T extends object>(of: string, kept: T): T =>
        new Proxy(kept, {
          get: (target, key) => {
            const value: unknown = Reflect.get(target, key);
            if (typeof value !== 'function') return value;
            return (...values: unknown[]) => {
              tell(`${of}.${String(key)}`);
              return Reflect.apply(value, target, values) as unknown;
            };
          },
        });
      return {
        ...storage,
        games: spied('games', storage.games),
        accounts: spied('accounts', storage.accounts),
        reviews: spied('reviews', storage.reviews),
      };
    },
  });
  const { send } = clientOf(portal.url);
  const headers = await asPlayer('ada');
  return {
    send: async (method: string, path: string, body?: string) =>
      (await send(method, path, { headers, ...(body !== undefined && { body }) })).status,
    stop: () => portal[Symbol.asyncDispose](),
  };
}
