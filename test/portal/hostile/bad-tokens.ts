import { createHmac } from 'node:crypto';
import { SECRET, tokensOfAda } from '../portal-under-test.ts';
import { ADA } from '../stub-stats.ts';

/** Tokens that open nothing, by what is wrong with each. */
export async function badTokens(): Promise<Readonly<Record<string, string>>> {
  const { access, refresh } = await tokensOfAda();
  const { access: expired } = await tokensOfAda(24 * 3_600_000);
  const [head = '', payload = '', signature = ''] = access.split('.');
  const soon = Math.floor(Date.now() / 1000) + 3600;
  const claims = { token_type: 'access', user_id: ADA, username: 'ada', exp: soon };
  return {
    expired,
    'a refresh token': refresh,
    'without a signature': `${head}.${payload}.`,
    'with two parts': `${head}.${payload}`,
    'with four parts': `${access}.x`,
    'with another signature': `${head}.${payload}.${signature.split('').reverse().join('')}`,
    'with a payload that was not signed': `${head}.${part({ ...claims, username: 'grace' })}.${signature}`,
    'alg none': `${part({ alg: 'none' })}.${part(claims)}.`,
    'alg nOnE, signed nonetheless': `${part({ alg: 'nOnE' })}.${part(claims)}.${signature}`,
    'signed with another secret': signed({ alg: 'HS256' }, claims, 'guessed'),
    'signed with no secret': signed({ alg: 'HS256' }, claims, ''),
    'RS256, signed with the secret': signed({ alg: 'RS256' }, claims),
    'HS512 in name': signed({ alg: 'HS512' }, claims),
    'a key of its own': signed({ alg: 'HS256', jwk: { kty: 'oct', k: 'AA' } }, claims, '\u0000'),
    'a kid that is a path': signed({ alg: 'HS256', kid: '../../dev/null' }, claims, ''),
    'critical words that nobody knows': signed({ alg: 'HS256', crit: ['x'], x: 1 }, claims),
    'without an end': signed({ alg: 'HS256' }, { ...claims, exp: undefined }),
    'an end that is no time': signed({ alg: 'HS256' }, { ...claims, exp: 'never' }),
    'a start to come': signed({ alg: 'HS256' }, { ...claims, nbf: soon }),
    'of nobody': signed({ alg: 'HS256' }, { ...claims, user_id: '' }),
    'of a list': signed({ alg: 'HS256' }, { ...claims, user_id: [ADA] }),
    'a payload that is null': signed({ alg: 'HS256' }, null),
    'a payload that is a list': signed({ alg: 'HS256' }, [claims]),
    'a type of none': signed({ alg: 'HS256' }, { ...claims, token_type: undefined }),
    'no token': 'x',
    SQL: "' or 1=1 --",
    'of 7 KB': `${head}.${'A'.repeat(7000)}.${signature}`,
  };
}

function signed(head: object, payload: unknown, secret: string = SECRET): string {
  const text = `${part({ typ: 'JWT', ...head })}.${part(payload)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
