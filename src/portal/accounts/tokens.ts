import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Account, User } from './accounts.ts';
import type { TokenConfig } from './settings.ts';
import { unauthorized } from './unauthorized.ts';

/** The tokens that prove who a caller is: JWT, HS256. */
export interface Tokens {
  issue(account: Account): Promise<{ readonly access: string; readonly refresh: string }>;
  /** @throws {HttpError} 401 unless it is an access token of ours that has not expired */
  verify(token: string): Promise<User>;
}

export interface TokenDependencies {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomHex: (bytes: number) => string;
}

export function createTokens(config: TokenConfig, { now, randomHex }: TokenDependencies): Tokens {
  const key = new TextEncoder().encode(config.secret);

  const sign = (account: Account, type: 'access' | 'refresh', lifetimeMs: number) => {
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
      .sign(key);
  };

  return {
    issue: async (account) => ({
      refresh: await sign(account, 'refresh', config.refreshMs),
      access: await sign(account, 'access', config.accessMs),
    }),
    async verify(token) {
      try {
        const currentDate = new Date(now());
        const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], currentDate });
        const { user_id, username } = accessClaims.parse(payload);
        return { id: user_id, username };
      } catch (error) {
        throw unauthorized('The token is invalid or has expired.', 'invalid_token', error);
      }
    },
  };
}

const accessClaims = z.object({
  // A refresh token lives for weeks: it must not open doors.
  token_type: z.literal('access'),
  exp: z.number(),
  user_id: z.string().min(1),
  username: z.string(),
});
