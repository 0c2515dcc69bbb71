import { scrypt, timingSafeEqual } from 'node:crypto';

/** A password as it is kept: base64url. */
export interface PasswordHash {
  readonly salt: string;
  readonly hash: string;
}

/**
 * Whether this is the password behind the hash. Takes as long for an absent hash as for a wrong password, so that the
 * time of an answer does not tell which accounts exist.
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

function derive(password: string, salt: Buffer, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

const COST = { N: 16_384, r: 8, p: 1 };
/** The hash of random bytes that nobody kept. */
const NOBODY: PasswordHash = {
  salt: 'p27x8hrvBwsrh3xYQMA5Lw',
  hash: 'aVbfxmZROFu2tNlc798OI84a11Q4cfZ2lJBhXansK68',
};
