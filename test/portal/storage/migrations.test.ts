import { expect } from 'chai';
import { ADA } from '../stub-stats.ts';
import { KINDS, type FreshDatabase } from './databases.ts';
import { refusal, storageAt } from './use-storage.ts';

const ALL = { offset: 0, limit: 15 };

for (const kind of KINDS) {
  describe(`portal: making the tables in ${kind.name}`, () => {
    let database: FreshDatabase;
    beforeEach(async () => {
      database = await kind.create();
    });
    afterEach(() => database[Symbol.asyncDispose]());

    const tables = async () => {
      const rows = await database.query(
        kind.name === 'SQLite'
          ? "select name from sqlite_schema where type = 'table' and name not like 'sqlite%'"
          : "select tablename as name from pg_tables where schemaname = 'public'",
      );
      return rows.map(({ name }) => String(name)).toSorted();
    };

    it('happens at the first use, not before', async () => {
      const storage = storageAt(database.url);
      expect(await tables()).to.deep.equal([]);
      await storage.check();
      expect(await tables()).to.include.members(['accounts', 'games', 'reviews']);
      await storage.close();
    });

    it('happens once, however many portals start at the same time', async () => {
      const storages = Array.from({ length: 8 }, () => storageAt(database.url));
      const lists = await Promise.all(storages.map(({ games }) => games.list(ALL)));
      for (const { count } of lists) expect(count).to.equal(3);
      const [{ n }] = (await database.query('select count(*) as n from games')) as [{ n: unknown }];
      expect(Number(n)).to.equal(4);
      await Promise.all(storages.map((storage) => storage.close()));
    });

    it('leaves alone what people have changed, added and removed since', async () => {
      const first = storageAt(database.url);
      await first.reviews.add('exrps', ADA, { rating_out_of_five: 5, text: 'mine' });
      await database.query("update games set name = 'Renamed' where game_id = 'exrps'");
      await database.query("delete from games where game_id = 'moonhop'");
      await database.query("delete from accounts where username = 'linus'");
      await first.close();

      const second = storageAt(database.url);
      const { results } = await second.games.list(ALL);
      expect(results.map(({ name }) => name)).to.deep.equal(['Renamed', 'Test Game']);
      expect(await second.accounts.findByUsername('linus')).to.equal(undefined);
      expect((await second.reviews.list('exrps', ALL)).results[0]).to.include({ text: 'mine' });
      await second.close();
    });

    it('a database that a newer portal has changed since still serves', async () => {
      const first = storageAt(database.url);
      await first.check();
      await first.close();
      await database.query(
        "insert into kysely_migration (name, timestamp) values ('9999-later', '2099-01-01')",
      );
      const second = storageAt(database.url);
      expect((await second.games.list(ALL)).count).to.equal(3);
      await second.close();
    });

    it('nothing of a change stays where it fails, and the next use tries it again', async () => {
      // Stands in the way of the third change.
      await database.query('create table reviews (x integer)');
      const storage = storageAt(database.url);
      expect(await refusal(storage.check())).to.have.property('code');
      expect(await tables()).to.not.include('games');
      await database.query('drop table reviews');
      expect((await storage.games.list(ALL)).count).to.equal(3);
      await storage.close();
    });

    it('what is closed is not used any more, and may be closed twice', async () => {
      const storage = storageAt(database.url);
      await storage.check();
      await storage.close();
      await storage.close();
      expect(await refusal(storage.check())).to.have.property('code', '08003');
      const unused = storageAt(database.url);
      await unused.close();
      expect(await refusal(unused.check())).to.have.property('code', '08003');
    });
  });
}
