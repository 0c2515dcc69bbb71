import type { PasswordHash } from './password.ts';
import type { Database } from '../storage/database.ts';
import { isStorable, type Tables } from '../storage/tables.ts';

/** Who a token names. */
export interface User {
  readonly id: string;
  readonly username: string;
}

export interface Account extends User {
  /** Lower case. */
  readonly email: string;
  /** Player or company. */
  readonly accountType: 'PL' | 'CO';
  readonly location: string;
  readonly password: PasswordHash;
}

/** Where accounts are kept. An e-mail address is kept, and looked for, in lower case: it is one account's however it is written. */
export interface Accounts {
  /**
   * @throws {DatabaseError} 23505 where the name or the address is taken: its `constraint` is `accounts_username_key` or
   * `accounts_email_key`
   */
  add(account: Account): Promise<void>;
  find(id: string): Promise<Account | undefined>;
  findByEmail(email: string): Promise<Account | undefined>;
  findByUsername(username: string): Promise<Account | undefined>;
  /** The names of those ids that have an account, by one query. */
  usernames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export function createAccounts(database: Database): Accounts {
  const findBy = async (column: 'id' | 'email' | 'username', value: string) => {
    if (!isStorable(value)) return undefined;
    const row = await database.run((db) =>
      db.selectFrom('accounts').selectAll().where(column, '=', value).executeTakeFirst(),
    );
    return row && accountOf(row);
  };
  return {
    add: (account) =>
      database.run(async (db) => {
        await db.insertInto('accounts').values(rowOf(account)).execute();
      }),
    find: (id) => findBy('id', id),
    findByEmail: (email) => findBy('email', email.toLowerCase()),
    findByUsername: (username) => findBy('username', username),
    async usernames(ids) {
      const known = ids.filter(isStorable);
      if (known.length === 0) return new Map();
      const rows = await database.run((db) =>
        db.selectFrom('accounts').select(['id', 'username']).where('id', 'in', known).execute(),
      );
      return new Map(rows.map(({ id, username }) => [id, username]));
    },
  };
}

/** An account as its row is written. */
export function rowOf(account: Account): Tables['accounts'] {
  return {
    id: account.id,
    username: account.username,
    email: account.email.toLowerCase(),
    account_type: account.accountType,
    location: account.location,
    password_salt: account.password.salt,
    password_hash: account.password.hash,
  };
}

function accountOf(row: Tables['accounts']): Account {
  const { id, username, email, location } = row;
  const password = { salt: row.password_salt, hash: row.password_hash };
  return { id, username, email, accountType: row.account_type, location, password };
}
