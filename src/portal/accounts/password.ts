import { scrypt, timingSafeEqual } from 'node:crypto';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { ServiceUnavailable } from '../errors/classes.ts';

/** A password as it is kept: base64url. */
export interface PasswordHash {
  readonly salt: string;
  readonly hash: string;
}

/**
 * @param salt 16 random bytes
 * @throws {HttpError} 503 while too many others wait for a hash
 */
export async function hashPassword(password: string, salt: Buffer): Promise<PasswordHash> {
  const hash = await derive(password, salt, 32);
  return { salt: salt.toString('base64url'), hash: hash.toString('base64url') };
}

/**
 * Whether this is the password behind the hash. Takes as long for an absent hash as for a wrong password, so that the
 * time of an answer does not tell which accounts exist.
 * @throws {HttpError} 503 while too many others wait for a hash
 */
export async function isPassword(
  password: string,
  kept: PasswordHash | undefined,
): Promise<boolean> {
  const { salt, hash } = kept ?? NOBODY;
  const expected = Buffer.from(hash, 'base64url');
  const actual = await derive(password, Buffer.from(salt, 'base64url'), expected.length);
  return timingSafeEqual(actual, expected) && kept !== undefined;
}

async function derive(password: string, salt: Buffer, length: number): Promise<Buffer> {
  try {
    return await turns.execute(() => run(password, salt, length));
  } catch (error) {
    if (!isBulkheadRejectedError(error)) throw error;
    const message = 'Too many players sign in at once.';
    throw new ServiceUnavailable(message, { retryAfterMs: 1000, severity: 'warn', cause: error });
  }
}

function run(password: string, salt: Buffer, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

const COST = { N: 16_384, r: 8, p: 1 };
// Name look-ups share the process's four threads with scrypt: without turns, guessing would hold up every call to the stats service.
const turns = bulkhead(2, 64);
/** The hash of random bytes that nobody kept. */
const NOBODY: PasswordHash = {
  salt: 'p27x8hrvBwsrh3xYQMA5Lw',
  hash: 'aVbfxmZROFu2tNlc798OI84a11Q4cfZ2lJBhXansK68',
};
