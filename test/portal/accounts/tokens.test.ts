import { expect } from 'chai';
import { decodeJwt, SignJWT } from 'jose';
import { isPassword } from '../../../src/portal/accounts/password.ts';
import { asAda, PAGE, SECRET, tokensOfAda } from '../portal-under-test.ts';
import { ADA, STATS } from '../stub-stats.ts';
import { usePortal } from '../use-portal.ts';

describe('portal: tokens', () => {
  const system = usePortal();

  const login = (email: unknown, password: unknown) =>
    system.portal.send('POST', '/token/', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });

  for (const name of ['ada', 'grace', 'linus']) {
    it(`${name} gets an access and a refresh token for the right password`, async () => {
      const { status, headers, body } = await login(`${name}@example.test`, `${name}-plays-fair`);
      expect(status).to.equal(200);
      expect(body).to.have.all.keys('access', 'refresh');
      expect(headers['cache-control']).to.equal('no-store');
      const access = decodeJwt(body.access);
      expect(access).to.include({ username: name, account_type: 'PL' });
      expect(access).to.include.keys('user_id', 'location');
      expect((access.exp ?? 0) - (access.iat ?? 0)).to.equal(3600);
      const refresh = decodeJwt(body.refresh);
      expect((refresh.exp ?? 0) - (refresh.iat ?? 0)).to.equal(30 * 24 * 3600);
    });
  }

  it('a token that was given opens the stats of its player', async () => {
    const { body } = await login('ada@example.test', 'ada-plays-fair');
    const authorization = `Bearer ${body.access}`;
    const stats = await system.portal.get('/games/v1/stats/exrps/', { authorization });
    expect(stats.body).to.deep.equal(STATS);
    expect(system.stub.calls[0]?.url).to.equal(`/stats/exrps/${ADA}`);
  });

  it('a wrong password and an unknown email are answered alike', async () => {
    const wrong = await login('ada@example.test', 'grace-plays-fair');
    const unknown = await login('nobody@example.test', 'ada-plays-fair');
    for (const { status, headers, body } of [wrong, unknown]) {
      expect(status).to.equal(401);
      expect(headers['www-authenticate']).to.equal('Bearer realm="portal"');
      expect({ ...body, request_id: '' }).to.deep.equal({ ...wrong.body, request_id: '' });
    }
  });

  it('an unknown email costs a hash as a wrong password does', async () => {
    // A generous bound: scrypt takes some ten milliseconds, a missing hash microseconds.
    const before = performance.now();
    expect(await isPassword('x', undefined)).to.equal(false);
    expect(performance.now() - before).to.be.above(2);
  });

  it('missing credentials are named', async () => {
    const { status, body } = await login(undefined, 5);
    expect(status).to.equal(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).to.deep.equal([
      '/email',
      '/password',
    ]);
  });

  const bad: [string, () => string | Promise<string>][] = [
    ['junk', () => 'Bearer junk'],
    ['a blank token', () => 'Bearer '],
    ['another scheme', () => 'Basic YWRhOmFkYQ=='],
    ['an expired token', async () => (await asAda(3_700_000))['authorization'] ?? ''],
    ['a refresh token', async () => `Bearer ${(await tokensOfAda()).refresh}`],
    ["a token by another's secret", () => signed({}, 'another secret')],
    ['a token without an end', () => signed({ exp: undefined })],
    ['a token without a user', () => signed({ user_id: undefined })],
    ['a token that says it needs no signature', unsigned],
  ];
  for (const [what, authorization] of bad) {
    it(`${what} is answered 401 on every route of the games, and nobody is asked (row 38)`, async () => {
      const header = { authorization: await authorization() };
      for (const path of [PAGE, '/games/v2/leaderboard/exrps', '/games/v1/games/']) {
        const { status, headers, body } = await system.portal.get(path, header);
        expect(status).to.equal(401);
        expect(headers['www-authenticate']).to.match(/^Bearer realm="portal", error="/);
        expect(headers['content-type']).to.equal('application/problem+json');
        expect(body).to.include({ status: 401, title: 'Unauthorized' });
      }
      expect(system.stub.calls).to.deep.equal([]);
    });
  }

  it('a user id that no path can hold is no reason to break, and is not sent (row 42)', async () => {
    for (const user_id of ['..', '\ud800']) {
      const authorization = await signed({ user_id });
      const { status } = await system.portal.get(PAGE, { authorization });
      expect(status).to.equal(400);
    }
    expect(system.stub.statsCalls()).to.equal(0);
  });

  it('a bad token is no reason to refuse what needs no token', async () => {
    const { status } = await system.portal.get('/health', { authorization: 'Bearer junk' });
    expect(status).to.equal(200);
  });

  it('the order of checks is route, token, parameters (row 41)', async () => {
    const junk = { authorization: 'Bearer junk' };
    expect((await system.portal.get('/nowhere', junk)).status).to.equal(404);
    expect((await system.portal.get('/games/v2/leaderboard/%zz', junk)).status).to.equal(401);
    expect((await system.portal.get('/games/v2/games/none', junk)).status).to.equal(401);
  });
});

function signed(claims: Record<string, unknown>, secret = SECRET): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 60;
  return new SignJWT({ token_type: 'access', user_id: ADA, username: 'ada', exp, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(secret))
    .then((token) => `Bearer ${token}`);
}

function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { token_type: 'access', user_id: ADA, username: 'ada', exp: 9_999_999_999 };
  return `Bearer ${part({ alg: 'none' })}.${part(claims)}.`;
}
