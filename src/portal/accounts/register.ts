import { Conflict } from '../errors/classes.ts';
import { DatabaseError } from '../storage/database-error.ts';
import type { Account, Accounts } from './accounts.ts';
import { hashPassword } from './password.ts';

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/**
 * Makes a player's account.
 * @throws {HttpError} 409 naming what is taken
 */
export async function register(
  accounts: Accounts,
  { username, email, password }: Registration,
  randomHex: (bytes: number) => string,
): Promise<Account> {
  const account: Account = {
    id: uuid(randomHex(16)),
    username,
    email,
    accountType: 'PL',
    location: '',
    password: await hashPassword(password, Buffer.from(randomHex(16), 'hex')),
  };
  try {
    await accounts.add(account);
  } catch (error) {
    throw taken(error) ?? error;
  }
  return account;
}

function taken(error: unknown): Conflict | undefined {
  if (!(error instanceof DatabaseError) || error.code !== '23505') return undefined;
  const field = error.constraint?.includes('email') ? 'email' : 'username';
  const message = `This ${field} is taken.`;
  const problems = [{ path: [field], message }];
  return new Conflict(message, { code: 'taken', problems, cause: error });
}

/** A random UUID (version 4) of 32 random hex digits. */
function uuid(hex: string): string {
  const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) % 4);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return [...groups, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-');
}
