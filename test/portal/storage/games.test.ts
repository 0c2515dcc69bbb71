import { expect } from 'chai';
import { startPortalUnderTest, type PortalUnderTest } from '../portal-under-test.ts';
import { KINDS, type FreshDatabase } from './databases.ts';
import { PATIENT } from './use-storage.ts';

const NOWHERE = 'http://127.0.0.1:1';

for (const kind of KINDS) {
  describe(`portal: games in ${kind.name}`, () => {
    let database: FreshDatabase;
    let portal: PortalUnderTest;

    before(async () => {
      database = await kind.create();
      portal = await startPortalUnderTest(NOWHERE, { DATABASE_URL: database.url, ...PATIENT });
      await portal.get('/games/v1/games');
      for (let i = 1; i <= 20; i += 1) {
        const [name, state] = [`${i % 2 ? 'odd' : 'Even'} ${i}`, i > 18 ? 'INA' : 'ACT'];
        await database.query(
          `insert into games (game_id, name, "desc", client_url, game_state, game_type)
           values ('g${i}', '${name}', '', '', '${state}', 'SPO')`,
        );
      }
    });
    after(async () => {
      await portal?.[Symbol.asyncDispose]();
      await database?.[Symbol.asyncDispose]();
    });

    it('the list counts what is not hidden, and gives at most fifteen at once (row 34)', async () => {
      const { body } = await portal.get('/games/v1/games/?page_size=99');
      expect(body.count).to.equal(21);
      expect(body.results).to.have.length(15);
      const rest = await portal.get(body.next.slice(portal.url.length));
      expect(rest.body.results).to.have.length(6);
      expect(rest.body.next).to.equal(null);
      const all = [...body.results, ...rest.body.results];
      const shown = new Set(all.map(({ game_state }) => game_state));
      expect(shown).to.deep.equal(new Set(['ACT', 'CMS']));
      expect(new Set(all.map(({ game_id }) => game_id)).size).to.equal(21);
    });

    it('they are ordered by name, letter by letter, on every database alike (row 34)', async () => {
      const { body } = await portal.get('/games/v1/games/');
      const names = body.results.map(({ name }: { name: string }) => name);
      expect(names).to.deep.equal(names.toSorted());
      // Where a language decides, odd and Even stand by each other.
      expect(names.slice(0, 3)).to.deep.equal(['Even 10', 'Even 12', 'Even 14']);
      expect(names.at(-1)).to.equal('odd 13');
    });

    if (kind.name === 'PostgreSQL') {
      it('the order of names is not the server’s to choose (row 34)', async () => {
        const [column] = await database.query(
          "select collation_name from information_schema.columns where table_name = 'games' and column_name = 'name'",
        );
        expect(column).to.deep.equal({ collation_name: 'C' });
      });
    }

    it('a page beyond the last one is a 404, however far (row 34)', async () => {
      for (const page of [3, 143165578, 999_999_999]) {
        const { status, body } = await portal.get(`/games/v1/games/?page=${page}`);
        expect([status, body.detail]).to.deep.equal([404, 'Invalid page.']);
      }
    });

    it('a game is found by its number and by its id, with its nine fields (rows 35, 36)', async () => {
      const [{ number }] = (await database.query(
        "select number from games where game_id = 'g7'",
      )) as [{ number: number }];
      const byNumber = await portal.get(`/games/v1/games/${number}/`);
      expect(byNumber.body).to.deep.equal({
        game_id: 'g7',
        name: 'odd 7',
        desc: '',
        client_url: '',
        cover_art: null,
        banner_art: null,
        stats_config: null,
        game_state: 'ACT',
        game_type: 'SPO',
      });
      expect((await portal.get('/games/v1/games/g7')).body).to.deep.equal(byNumber.body);
    });

    it('a hidden game does not exist, by number or by id (row 35)', async () => {
      const [{ number }] = (await database.query(
        "select number from games where game_id = 'g19'",
      )) as [{ number: number }];
      for (const pk of [number, 'g19']) {
        expect((await portal.get(`/games/v1/games/${pk}`)).status).to.equal(404);
      }
    });

    it('what no game can be called is no game: too large a number, a NUL, a quote (row 35)', async () => {
      const ids = [
        '2147483648',
        '99999999999999999999',
        'a%00b',
        "x'%20or%201=1--",
        '%F0%9F%8E%B2',
      ];
      for (const id of ids) {
        expect((await portal.get(`/games/v1/games/${id}`)).status, id).to.equal(404);
      }
    });

    it('a change of a game is seen at once', async () => {
      await database.query("update games set game_state = 'INA' where game_id = 'g18'");
      expect((await portal.get('/games/v1/games/g18')).status).to.equal(404);
      await database.query("update games set game_state = 'ACT' where game_id = 'g18'");
      expect((await portal.get('/games/v1/games/g18')).status).to.equal(200);
    });
  });
}
