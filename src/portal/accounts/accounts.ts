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

/** Where accounts are kept. */
export interface Accounts {
  findByEmail(email: string): Promise<Account | undefined>;
  /** The names of those ids that have an account. */
  usernames(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Accounts in memory. */
export function createAccounts(accounts: readonly Account[] = SEED_ACCOUNTS): Accounts {
  return {
    findByEmail: async (email) => accounts.find((account) => account.email === email),
    usernames: async (ids) =>
      new Map(
        accounts.filter(({ id }) => ids.includes(id)).map(({ id, username }) => [id, username]),
      ),
  };
}
