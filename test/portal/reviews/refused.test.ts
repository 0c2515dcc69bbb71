import { expect } from 'chai';
import { SignJWT } from 'jose';
import { SECRET } from '../portal-under-test.ts';
import { GOOD, pointersOf, REVIEWS, useReviews } from './use-reviews.ts';

const NOWHERE = '/games/v1/games/none/reviews';
const VOTE = { increase_votes_by: 1 };

function tokenFor(user_id: string): Promise<string> {
  return new SignJWT({ token_type: 'access', user_id, username: 'ghost', exp: 9_999_999_999 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}

describe('portal: reviews that are refused', () => {
  const system = useReviews();

  for (const [method, path, body] of [
    ['GET', `${REVIEWS}/999999999`],
    ['GET', `${REVIEWS}/0`],
    ['GET', `${REVIEWS}/2147483647`],
    ['GET', `${REVIEWS}/2147483648`],
    ['GET', `${REVIEWS}/99999999999999999999999999`],
    ['PUT', `${REVIEWS}/999999999`, GOOD],
    ['PATCH', `${REVIEWS}/999999999`, VOTE],
    ['DELETE', `${REVIEWS}/999999999`],
    ['DELETE', `${REVIEWS}/99999999999999999999999999`],
  ] as const) {
    it(`${method} ${path} is a 404 with a sentence (rows 47, 52)`, async () => {
      const answered = await system.ask(method, path, 'ada', body);
      expect(answered.status).to.equal(404);
      expect(answered.body).to.include({ detail: 'No review of this game has this id.' });
    });
  }

  for (const [method, path, body] of [
    ['GET', NOWHERE],
    ['POST', NOWHERE, GOOD],
    ['GET', `${NOWHERE}/1`],
    ['PUT', `${NOWHERE}/1`, GOOD],
    ['PATCH', `${NOWHERE}/1`, VOTE],
    ['DELETE', `${NOWHERE}/1`],
    ['GET', '/games/v1/games/retired/reviews'],
    ['POST', '/games/v1/games/4/reviews', GOOD],
    ['GET', '/games/v1/games/__proto__/reviews'],
    ['GET', '/games/v1/games/%00/reviews'],
    ['GET', '/games/v1/games/99999999999999999999/reviews'],
  ] as const) {
    it(`${method} ${path} is a 404: there is no such game (row 47)`, async () => {
      const answered = await system.ask(method, path, 'ada', body);
      expect(answered.status).to.equal(404);
      expect(answered.body).to.include({ detail: 'No game has this id.' });
    });
  }

  for (const id of ['notAnId', '-1', '1.5', '1e3', '01', '0x1', '1%20', '%00', 'NaN', '١']) {
    it(`${id} is no id: a 400 by every method (rows 48, 52)`, async () => {
      for (const [method, body] of [
        ['GET', undefined],
        ['PUT', GOOD],
        ['PATCH', VOTE],
        ['DELETE', undefined],
      ] as const) {
        const path = `${REVIEWS}/${id === '١' ? encodeURIComponent(id) : id}`;
        const answered = await system.ask(method, path, 'ada', body);
        expect(answered.status, method).to.equal(400);
        expect(answered.body).to.include({ code: 'invalid_id' });
      }
    });
  }

  it('{} is a 400 that names every missing field (rows 49, 53)', async () => {
    const path = await system.graceReviews();
    for (const [method, at, player, missing] of [
      ['POST', REVIEWS, 'ada', ['/rating_out_of_five', '/text']],
      ['PUT', path, 'grace', ['/rating_out_of_five', '/text']],
      ['PATCH', path, 'ada', ['/increase_votes_by']],
    ] as const) {
      for (const body of ['{}', '']) {
        const answered = await system.ask(method, at, player, body);
        expect(answered.status, method).to.equal(400);
        expect(pointersOf(answered)).to.deep.equal(missing);
        expect(answered.body.code).to.equal(missing.length === 1 ? '108' : 'invalid_request');
      }
    }
  });

  it('a player whose account is no more is a 401, whatever their token says', async () => {
    for (const user_id of ['5d2f4c1e-9b3a-4e6d-8c7f-000000000000', '..', 'x'.repeat(1000)]) {
      const authorization = `Bearer ${await tokenFor(user_id)}`;
      const headers = { authorization, 'content-type': 'application/json' };
      const body = JSON.stringify(GOOD);
      const answered = await system.portal.send('POST', REVIEWS, { headers, body });
      expect(answered.status).to.equal(401);
      expect(answered.headers['www-authenticate']).to.match(/error="invalid_token"/);
    }
  });

  it('where one thing is missing its name is all that is said (row 61)', async () => {
    const path = await system.graceReviews();
    for (const [method, at, player, body, missing] of [
      ['PATCH', path, 'ada', {}, 'increase_votes_by'],
      ['POST', REVIEWS, 'ada', { text: 'x' }, 'rating_out_of_five'],
      ['PUT', path, 'grace', { rating_out_of_five: 1 }, 'text'],
      ['POST', '/token/refresh/', 'ada', {}, 'refresh'],
      ['POST', '/token/', 'ada', { email: 'ada@example.test' }, 'password'],
    ] as const) {
      const answered = await system.ask(method, at, player, body);
      expect(answered.status).to.equal(400);
      const detail = `The required parameter "${missing}", is missing`;
      expect(answered.body).to.include({ detail, code: '108' });
      expect(pointersOf(answered)).to.deep.equal([`/${missing}`]);
    }
  });

  it('malformed JSON is a 400 that says so (row 50)', async () => {
    const path = await system.graceReviews();
    for (const [method, at, player] of [
      ['POST', REVIEWS, 'ada'],
      ['PUT', path, 'grace'],
      ['PATCH', path, 'ada'],
    ] as const) {
      for (const body of [
        '{bad',
        '{"text":"a",}',
        '{"rating_out_of_five":NaN}',
        '\ufeff{}',
        "{'a':1}",
      ]) {
        const answered = await system.ask(method, at, player, body);
        expect(answered.status, body).to.equal(400);
        expect(answered.body).to.include({ detail: 'JSON is malformed.', code: 'malformed_json' });
      }
    }
  });

  for (const [what, change, pointer] of [
    ['6 of five', { rating_out_of_five: 6 }, '/rating_out_of_five'],
    ['0 of five', { rating_out_of_five: 0 }, '/rating_out_of_five'],
    ['-1 of five', { rating_out_of_five: -1 }, '/rating_out_of_five'],
    ['4.5 of five', { rating_out_of_five: 4.5 }, '/rating_out_of_five'],
    ['a number as text', { rating_out_of_five: '5' }, '/rating_out_of_five'],
    ['true', { rating_out_of_five: true }, '/rating_out_of_five'],
    ['null', { rating_out_of_five: null }, '/rating_out_of_five'],
    ['a list', { rating_out_of_five: [5] }, '/rating_out_of_five'],
    ['2^31', { rating_out_of_five: 2 ** 31 }, '/rating_out_of_five'],
    ['1e308', { rating_out_of_five: 1e308 }, '/rating_out_of_five'],
    ['no text', { text: '' }, '/text'],
    ['text that is a number', { text: 5 }, '/text'],
    ['text that is an object', { text: {} }, '/text'],
    ['text of 2001 characters', { text: 'x'.repeat(2001) }, '/text'],
    ['text of 2001 emoji', { text: '🚀'.repeat(2001) }, '/text'],
    ['text with a NUL', { text: 'a\0b' }, '/text'],
    ['text with half a pair', { text: 'a\ud83db' }, '/text'],
  ] as const) {
    it(`${what} is a 400 that names the field (rows 51, 53)`, async () => {
      const path = await system.graceReviews();
      for (const [method, at, player] of [
        ['POST', REVIEWS, 'ada'],
        ['PUT', path, 'grace'],
      ] as const) {
        const answered = await system.ask(method, at, player, { ...GOOD, ...change });
        expect(answered.status).to.equal(400);
        expect(pointersOf(answered)).to.deep.equal([pointer]);
      }
      expect((await system.ask('GET', path)).body).to.include(GOOD);
      expect((await system.ask('GET', REVIEWS)).body.count).to.equal(1);
    });
  }

  it('a number beyond all numbers is a 400', async () => {
    const body = '{"rating_out_of_five":1e999,"text":"x"}';
    const answered = await system.ask('POST', REVIEWS, 'ada', body);
    expect(answered.status).to.equal(400);
    expect(pointersOf(answered)).to.deep.equal(['/rating_out_of_five']);
  });

  for (const votes of [
    '"word"',
    '"1"',
    '1.5',
    'null',
    '[1]',
    '{}',
    '1e308',
    '1e999',
    '2147483648',
    '-2147483649',
  ]) {
    it(`increase_votes_by ${votes} is a 400 that names it (row 53)`, async () => {
      const path = await system.graceReviews();
      const answered = await system.ask('PATCH', path, 'ada', `{"increase_votes_by":${votes}}`);
      expect(answered.status).to.equal(400);
      expect(pointersOf(answered)).to.deep.equal(['/increase_votes_by']);
      expect((await system.ask('GET', path)).body.votes).to.equal(0);
    });
  }

  it('what is wrong in several places is all named, unknown fields too (row 56)', async () => {
    const body = '{"rating_out_of_five":9,"txt":"x","votes":7,"__proto__":{"id":1}}';
    const answered = await system.ask('POST', REVIEWS, 'ada', body);
    expect(answered.status).to.equal(400);
    expect(pointersOf(answered)).to.have.members([
      '/rating_out_of_five',
      '/text',
      '/txt',
      '/votes',
      '/__proto__',
    ]);
    const { detail } = answered.body.errors.find(
      (one: { pointer: string }) => one.pointer === '/txt',
    );
    expect(detail).to.equal('unknown field, did you mean "text"?');
  });

  for (const body of ['[]', '5', '"text"', 'null', '[{"rating_out_of_five":4,"text":"x"}]']) {
    it(`${body} for an object is a 400`, async () => {
      const answered = await system.ask('POST', REVIEWS, 'ada', body);
      expect(answered.status).to.equal(400);
      expect(answered.body).to.include({ code: 'invalid_request' });
    });
  }
});
