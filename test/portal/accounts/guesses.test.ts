import { expect } from 'chai';
import { usePortal } from '../use-portal.ts';

describe('portal: guessing passwords', () => {
  const system = usePortal({ GUESS_LIMIT: '3/1h' });

  const post = (path: string, body: object, headers = {}) =>
    system.portal.send('POST', path, {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const wrong = { email: 'ada@example.test', password: 'not-hers' };
  const right = { email: 'ada@example.test', password: 'ada-plays-fair' };

  it('is over after so many wrong ones, with a 429 that says when to come back (row 118)', async () => {
    for (let i = 0; i < 3; i++) expect((await post('/token/', wrong)).status).to.equal(401);
    const { status, headers, body } = await post('/token/', right);
    expect(status).to.equal(429);
    expect(body).to.include({ status: 429, code: 'rate_limited' });
    expect(Number(headers['retry-after'])).to.be.within(1, 1200);
    const { email, password } = { email: 'new@example.test', password: 'long enough' };
    expect((await post('/register/', { username: 'new', email, password })).status).to.equal(429);
  });

  it('is not made easier by sending many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/token/', wrong)));
    expect(answers.filter(({ status }) => status === 401)).to.have.length(3);
    expect(answers.filter(({ status }) => status === 429)).to.have.length(17);
  });

  it('right ones cost nothing, and neither does what is no guess', async () => {
    for (let i = 0; i < 6; i++) expect((await post('/token/', right)).status).to.equal(200);
    for (let i = 0; i < 6; i++) expect((await post('/token/', {})).status).to.equal(400);
    expect((await post('/token/', wrong)).status).to.equal(401);
  });

  it('new accounts count', async () => {
    const account = (i: number) => ({
      username: `player${i}`,
      email: `player${i}@example.test`,
      password: 'long enough',
    });
    for (let i = 0; i < 3; i++) expect((await post('/register/', account(i))).status).to.equal(201);
    expect((await post('/register/', account(3))).status).to.equal(429);
  });

  it('what a client says of its address is believed only behind a proxy', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address });
    for (let i = 0; i < 3; i++) await post('/token/', wrong, from(`198.51.100.${i}`));
    expect((await post('/token/', wrong, from('198.51.100.9'))).status).to.equal(429);

    await system.restartPortal({ GUESS_LIMIT: '3/1h', TRUSTED_PROXIES: '1' });
    // The proxy adds who called it; all that stands before may be invented.
    for (let i = 0; i < 3; i++) await post('/token/', wrong, from(`10.0.0.${i}, 198.51.100.1`));
    expect((await post('/token/', wrong, from('10.0.0.9, 198.51.100.1'))).status).to.equal(429);
    expect((await post('/token/', right, from('10.0.0.9, 198.51.100.2'))).status).to.equal(200);
  });
});
