import { expect } from 'chai';
import { usePortal } from '../use-portal.ts';

const PAGE = 'https://games.example.test';
const PREFLIGHT = {
  'access-control-request-method': 'DELETE',
  'access-control-request-headers': 'authorization',
};

describe('portal: pages of other sites', () => {
  const system = usePortal({ CORS_ORIGINS: `${PAGE}, http://localhost:8002` });

  it('those that are named may read answers', async () => {
    for (const origin of [PAGE, 'http://localhost:8002']) {
      const { status, headers } = await system.portal.get('/games/v1/games/', { origin });
      expect(status).to.equal(200);
      expect(headers['access-control-allow-origin']).to.equal(origin);
      expect(headers['access-control-expose-headers']).to.include('Degraded');
      expect(headers['vary']).to.match(/origin/i);
      expect(headers).to.not.have.property('access-control-allow-credentials');
    }
  });

  it('and errors of every kind, with their headers (row 88)', async () => {
    for (const [method, path, status] of [
      ['GET', '/nowhere', 404],
      ['PATCH', '/token/', 405],
      ['POST', '/token/', 400],
      ['POST', '/games/v1/games/exrps/reviews', 401],
    ] as const) {
      const headers = { origin: PAGE };
      const answered = await system.portal.send(method, path, { headers });
      expect(answered.status).to.equal(status);
      expect(answered.headers['access-control-allow-origin']).to.equal(PAGE);
      expect(answered.headers['vary']).to.match(/origin/i);
    }
  });

  it('they are told what they may send', async () => {
    const headers = { origin: PAGE, ...PREFLIGHT };
    const answered = await system.portal.send('OPTIONS', '/games/v1/games/1/reviews/1', {
      headers,
    });
    expect(answered.status).to.equal(204);
    expect(answered.headers['access-control-allow-origin']).to.equal(PAGE);
    expect(answered.headers['access-control-allow-methods']).to.include('DELETE');
    expect(answered.headers['access-control-allow-headers']).to.equal('authorization');
    expect(answered.headers['access-control-max-age']).to.equal('600');
  });

  it('others may not, and are answered all the same', async () => {
    for (const origin of ['https://evil.test', `${PAGE}.evil.test`, 'null', '*', '']) {
      const { status, headers } = await system.portal.get('/health', { origin });
      expect(status).to.equal(200);
      expect(headers).to.not.have.property('access-control-allow-origin');
    }
    const headers = { origin: 'https://evil.test', ...PREFLIGHT };
    const asked = await system.portal.send('OPTIONS', '/games/v1/games/1/reviews/1', { headers });
    expect(asked.headers).to.not.have.property('access-control-allow-origin');
  });

  it('all may where the operator says so, and none where nothing is said', async () => {
    await system.restartPortal({ CORS_ORIGINS: '*' });
    const any = await system.portal.get('/health', { origin: 'https://any.test' });
    expect(any.headers['access-control-allow-origin']).to.equal('*');
    await system.restartPortal({});
    const none = await system.portal.get('/health', { origin: PAGE });
    expect(none.headers).to.not.have.property('access-control-allow-origin');
  });
});
