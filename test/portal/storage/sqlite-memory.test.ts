import { expect } from 'chai';
import { sql } from 'kysely';
import type { Connection } from '../../../src/portal/storage/database.ts';
import { migrate } from '../../../src/portal/storage/migrate.ts';
import { connectSqlite } from '../../../src/portal/storage/sqlite.ts';
import { folder } from '../../helpers/folder.ts';

describe('portal: a database of SQLite in memory', () => {
  it('begins as a file does, also where another one before it was written to', async () => {
    using files = folder();
    const [inFile, first] = [files.file('portal.db'), ':memory:'].map(connectSqlite) as Two;
    await migrate(inFile);
    if ((await migrate(first)).length > 0) first.migrated?.();
    await sql`insert into reviews (game_id, user_id, rating_out_of_five, text, created_at)
      select game_id, id, 5, 'fun', '2026-01-01' from games, accounts limit 1`.execute(first.db);
    await sql`update accounts set location = 'Oslo'`.execute(first.db);

    const second = connectSqlite(':memory:');
    expect(await migrate(second)).to.deep.equal([]);
    expect(await contentOf(second)).to.deep.equal(await contentOf(inFile));
    expect(await contentOf(first)).not.to.deep.equal(await contentOf(inFile));
    for (const one of [inFile, first, second]) await one.close();
  });
});

type Two = [Connection, Connection];

/** All tables and indexes as they were written, and every row; when each migration was made aside. */
async function contentOf({ db }: Connection): Promise<object> {
  const { rows: made } =
    await sql<Made>`select type, name, tbl_name, sql from sqlite_master order by name`.execute(db);
  const rows: Record<string, unknown> = {};
  for (const { name } of made.filter(({ type }) => type === 'table')) {
    const { rows: all } = await sql<Row>`select * from ${sql.table(name)} order by 1`.execute(db);
    rows[name] = all.map((row) => ({ ...row, timestamp: undefined }));
  }
  return { made, rows };
}

interface Made {
  readonly type: string;
  readonly name: string;
}
type Row = Readonly<Record<string, unknown>>;
