import { DatabaseError } from '../storage/database-error.ts';
import type { PasswordHash } from './password.ts';
import { SEED_ACCOUNTS } from './seed.ts';

/** Who a token names. */
export interface User {
  readonly id: string;
  readonly username: string;
}

export interface Account extends User {
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
  /** The names of those ids that have an account, by one query. */
  usernames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Accounts in memory. */
export function createAccounts(seed: readonly Account[] = SEED_ACCOUNTS): Accounts {
  const accounts = [...seed];
  return {
    async add(account) {
      for (const field of ['username', 'email'] as const) {
        if (!accounts.some((one) => one[field] === account[field])) continue;
        const constraint = `accounts_${field}_key`;
        throw new DatabaseError('23505', 'This is taken.', { constraint });
      }
      accounts.push(account);
    },
    find: async (id) => accounts.find((account) => account.id === id),
    findByEmail: async (email) => accounts.find((account) => account.email === email.toLowerCase()),
    usernames: async (ids) =>
      new Map(
        accounts.filter(({ id }) => ids.includes(id)).map(({ id, username }) => [id, username]),
      ),
  };
}
