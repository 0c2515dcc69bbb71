import { webcrypto } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Account, User } from './accounts.ts';
import type { TokenConfig } from './settings.ts';
import { unauthorized } from './unauthorized.ts';

/** The tokens that prove who a caller is: JWT, HS256. */
export interface Tokens {
  issue(account: Account): Promise<TokenPair>;
  /** @throws {HttpError} 401 unless it is an access token of ours that has not expired */
  verify(token: string): Promise<User>;
  /** @throws {HttpError} 401 unless it is a refresh token of ours that has not expired */
  verifyRefresh(token: string): Promise<User>;
}

export interface TokenPair {
  readonly refresh: string;
  readonly access: string;
}

export interface TokenDependencies {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomHex: (bytes: number) => string;
}

export function createTokens(config: TokenConfig, { now, randomHex }: TokenDependencies): Tokens {
  // jose would import the bytes anew for each token: a turn in the thread pool, on every page.
  const key = webcrypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(config.secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign', 'verify'],
  );

  const sign = async (account: Account, type: TokenType, lifetimeMs: number) => {
    const issuedAt = Math.floor(now() / 1000);
    return new SignJWT({
      token_type: type,
      user_id: account.id,
      username: account.username,
      account_type: account.accountType,
      location: account.location,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + Math.floor(lifetimeMs / 1000))
      .setJti(randomHex(16))
      .sign(await key);
  };

  const verify = (type: TokenType) => async (token: string) => {
    try {
      const currentDate = new Date(now());
      const { payload } = await jwtVerify(token, await key, { algorithms: ['HS256'], currentDate });
      const { user_id, username } = CLAIMS[type].parse(payload);
      return { id: user_id, username };
    } catch (error) {
      throw unauthorized('The token is invalid or has expired.', 'invalid_token', error);
    }
  };

  return {
    issue: async (account) => ({
      refresh: await sign(account, 'refresh', config.refreshMs),
      access: await sign(account, 'access', config.accessMs),
    }),
    verify: verify('access'),
    verifyRefresh: verify('refresh'),
  };
}

type TokenType = 'access' | 'refresh';

// A refresh token lives for weeks: it must not open doors, nor an access token prolong itself.
const CLAIMS = { access: claimsOf('access'), refresh: claimsOf('refresh') };

function claimsOf(type: TokenType) {
  return z.object({
    token_type: z.literal(type),
    exp: z.number(),
    user_id: z.string().min(1),
    username: z.string(),
  });
}
