import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import { decodeJwt, SignJWT } from 'jose';
import { SECRET, tokensOfAda } from '../portal-under-test.ts';
import { ADA } from '../stub-stats.ts';
import { usePortal } from '../use-portal.ts';

const MONTH = 31 * 24 * 3_600_000;

describe('portal: refreshing tokens', () => {
  const system = usePortal();

  const refresh = (token: unknown) =>
    system.portal.send('POST', '/token/refresh/', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh: token }),
    });

  it('a refresh token gives a new pair, and that one the next', async () => {
    let token = (await tokensOfAda()).refresh;
    const seen = new Set([token]);
    for (let i = 0; i < 3; i++) {
      const { status, headers, body } = await refresh(token);
      expect(status).to.equal(200);
      expect(Object.keys(body)).to.deep.equal(['refresh', 'access']);
      expect(headers['cache-control']).to.equal('no-store');
      expect(decodeJwt(body.access)).to.include({ token_type: 'access', user_id: ADA });
      token = body.refresh;
      seen.add(token);
    }
    expect(seen.size).to.equal(4);
  });

  const bad: [string, () => string | Promise<string>][] = [
    ['an access token', async () => (await tokensOfAda()).access],
    ['an expired token', async () => (await tokensOfAda(MONTH)).refresh],
    ['junk', () => 'junk'],
    ['nothing', () => ''],
    ["a token by another's secret", () => signed({ secret: 'another secret' })],
    ['a token that says it is signed by RS256', () => signed({ header: { alg: 'RS256' } })],
    ['a token signed by HS512', () => signed({ header: { alg: 'HS512' } })],
    ['a token that says it needs no signature', () => forged({ alg: 'none' })],
    ['a token without an end', () => signed({ claims: { exp: undefined } })],
    ['a token of an account that is no more', () => signed({ claims: { user_id: 'nobody' } })],
    ['a token of an account that cannot be', () => signed({ claims: { user_id: '\0\ud800' } })],
    ['a token with another end than was signed', tampered],
  ];
  for (const [what, token] of bad) {
    it(`${what} is a 401 with a challenge (row 38)`, async () => {
      const { status, headers, body } = await refresh(await token());
      expect(status).to.equal(401);
      expect(headers['www-authenticate']).to.equal('Bearer realm="portal", error="invalid_token"');
      expect(body).to.include({ status: 401, code: 'invalid_token' });
    });
  }

  it('no token is a 400 that names the field, and shows nothing of what it held', async () => {
    const { refresh: real } = await tokensOfAda();
    for (const token of [undefined, 5, null, [real], { real }, 'x'.repeat(5000)]) {
      const { status, body, text } = await refresh(token);
      expect(status).to.equal(400);
      expect(body.errors).to.have.length(1);
      expect(body.errors[0].pointer).to.equal('/refresh');
      expect(text).to.not.include(real.slice(0, 20));
    }
  });
});

interface Forgery {
  readonly claims?: Record<string, unknown>;
  readonly header?: { readonly alg: string };
  readonly secret?: string;
}

/** Signed by HS256, unless its header says HS512. */
async function signed({ claims = {}, header, secret = SECRET }: Forgery): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 60;
  const token = await new SignJWT({
    token_type: 'refresh',
    user_id: ADA,
    username: 'ada',
    exp,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret));
  if (!header) return token;
  const [, payload = ''] = token.split('.');
  const hash = header.alg === 'HS512' ? 'sha512' : 'sha256';
  const signing = `${part(header)}.${payload}`;
  return `${signing}.${createHmac(hash, secret).update(signing).digest('base64url')}`;
}

function forged(header: { readonly alg: string }): string {
  const claims = { token_type: 'refresh', user_id: ADA, username: 'ada', exp: 9_999_999_999 };
  return `${part(header)}.${part(claims)}.`;
}

async function tampered(): Promise<string> {
  const [header, payload = '', signature] = (await tokensOfAda()).refresh.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  return [header, part({ ...claims, exp: 9_999_999_999 }), signature].join('.');
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
