import { expect } from 'chai';
import { asAda, startPortalUnderTest, type PortalUnderTest } from '../portal-under-test.ts';
import { GRACE } from '../stub-stats.ts';
import { KINDS, type FreshDatabase } from './databases.ts';
import { PATIENT } from './use-storage.ts';

const REVIEWS = '/games/v1/games/exrps/reviews';
const FINE = { rating_out_of_five: 4, text: 'Good.' };

for (const kind of KINDS) {
  describe(`portal: what ${kind.name} refuses, as clients see it (row 85)`, () => {
    let database: FreshDatabase;
    let portal: PortalUnderTest;

    before(async () => {
      database = await kind.create();
      const env = { DATABASE_URL: database.url, ...PATIENT };
      portal = await startPortalUnderTest('http://127.0.0.1:1', env);
      await portal.get('/games/v1/games');
    });
    after(async () => {
      await portal?.[Symbol.asyncDispose]();
      await database?.[Symbol.asyncDispose]();
    });
    beforeEach(() => database.query('delete from reviews'));

    const send = async (method: string, path: string, json: object) => {
      const headers = { 'content-type': 'application/json', ...(await asAda()) };
      return portal.send(method, path, { headers, body: JSON.stringify(json) });
    };

    it('what is there already is a 409: a second review, a name, an address', async () => {
      expect((await send('POST', REVIEWS, FINE)).status).to.equal(201);
      const second = await send('POST', REVIEWS, FINE);
      expect([second.status, second.body.code]).to.deep.equal([409, 'conflict']);
      const eve = { username: 'eve', email: 'eve@example.test', password: 'eve-plays-fair' };
      for (const [field, value] of [
        ['username', 'ada'],
        ['email', 'Ada@Example.test'],
      ] as const) {
        const { status, body } = await send('POST', '/register/', { ...eve, [field]: value });
        expect([status, body.detail]).to.deep.equal([409, `This ${field} is taken.`]);
      }
      expect((await send('POST', '/register/', eve)).status).to.equal(201);
    });

    it('a number that grows out of its range is a 400, and stays what it was', async () => {
      const { reviews, id } = await reviewByGrace();
      const most = { increase_votes_by: 2 ** 31 - 1 };
      expect((await send('PATCH', `${REVIEWS}/${id}`, most)).body.votes).to.equal(2 ** 31 - 1);
      const { status, body } = await send('PATCH', `${REVIEWS}/${id}`, { increase_votes_by: 1 });
      expect([status, body.detail]).to.deep.equal([400, 'A number is out of range.']);
      expect((await reviews()).votes).to.equal(2 ** 31 - 1);
    });

    it('the longest text that a review may have is kept, whatever its signs', async () => {
      const text = '🎲'.repeat(1000);
      const { status, body } = await send('POST', REVIEWS, { ...FINE, text });
      expect([status, body.text]).to.deep.equal([201, text]);
    });

    it('what looks like SQL is text', async () => {
      const text = `'); drop table reviews; -- " \\ \${x} %s ?`;
      const { body } = await send('POST', REVIEWS, { ...FINE, text });
      expect(body.text).to.equal(text);
      expect((await portal.get(`${REVIEWS}?page_size=1';--`)).body.results[0].text).to.equal(text);
    });

    // The last one: nobody needs her any more.
    it('a writer whose account is gone is no writer', async () => {
      await database.query("delete from accounts where username = 'ada'");
      expect((await send('POST', REVIEWS, FINE)).status).to.equal(401);
      expect((await portal.get(REVIEWS)).body.count).to.equal(0);
    });

    async function reviewByGrace() {
      await database.query(
        `insert into reviews (game_id, user_id, rating_out_of_five, text, created_at)
         values ('exrps', '${GRACE}', 5, 'Mine.', '2026-01-02T03:04:05.678Z')`,
      );
      const reviews = async () => (await portal.get(REVIEWS)).body.results[0];
      const { id, username, created_at } = await reviews();
      const known = { username: 'grace', created_at: '2026-01-02T03:04:05.678Z' };
      expect({ username, created_at }).to.deep.equal(known);
      return { reviews, id };
    }
  });
}
