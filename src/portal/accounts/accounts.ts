import { DatabaseError } from '../storage/database-error.ts';
import type { PasswordHash } from './password.ts';
import { SEED_ACCOUNTS } from './seed.ts';

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

/** Where accounts are kept: no two of one username, none of one email. */
export interface Accounts {
  find(id: string): Promise<Account | undefined>;
  findByEmail(email: string): Promise<Account | undefined>;
  findByUsername(username: string): Promise<Account | undefined>;
  /** The names of those ids that have an account. */
  usernames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** @throws {DatabaseError} 23505 where the username or the email is taken */
  add(account: Account): Promise<void>;
}

/** Accounts in memory. */
export function createAccounts(seed: readonly Account[] = SEED_ACCOUNTS): Accounts {
  const accounts = [...seed];
  return {
    find: async (id) => accounts.find((account) => account.id === id),
    findByEmail: async (email) => accounts.find((account) => account.email === email),
    findByUsername: async (username) => accounts.find((account) => account.username === username),
    usernames: async (ids) =>
      new Map(
        accounts.filter(({ id }) => ids.includes(id)).map(({ id, username }) => [id, username]),
      ),
    async add(account) {
      const taken = accounts.some(
        ({ username, email }) => username === account.username || email === account.email,
      );
      if (taken) throw new DatabaseError('23505', 'This username or email is taken.');
      accounts.push(account);
    },
  };
}
