import { expect } from 'chai';
import { asAda, PAGE, tokensOfAda } from '../portal-under-test.ts';
import {
  AS_OPERATOR,
  NOON,
  OPERATOR_TOKEN,
  startWatchedPortal,
  useWatchedPortal,
} from './watched-portal.ts';

const ROUTES = [
  ['GET', '/monitoring/errors'],
  ['GET', '/monitoring/errors/recent'],
  ['GET', '/monitoring/errors/summary'],
  ['GET', '/monitoring/alerts'],
  ['POST', '/monitoring/reset'],
  ['GET', '/monitoring/outages'],
  ['POST', '/monitoring/outages/stats'],
] as const;

/** The age of a token that was issued when the portal's clock stands. */
const sinceNoon = () => Date.now() - NOON;

describe('portal: the routes for operators', () => {
  const system = useWatchedPortal();

  for (const [method, path] of ROUTES) {
    it(`${method} ${path} is for operators only (row 112)`, async () => {
      const { portal } = system;
      const ask = (headers: Record<string, string>) => portal.send(method, path, { headers });
      for (const authorization of [
        undefined,
        '',
        'Bearer',
        'Bearer ',
        `Basic ${OPERATOR_TOKEN}`,
        `Bearer ${OPERATOR_TOKEN}x`,
        `Bearer ${OPERATOR_TOKEN.slice(0, -1)}`,
        `Bearer ${OPERATOR_TOKEN.toUpperCase()}`,
        `Bearer x ${OPERATOR_TOKEN}`,
        'Bearer eyJhbGciOiJub25lIn0.e30.',
        `Bearer ${(await tokensOfAda(sinceNoon())).refresh}`,
        (await asAda(sinceNoon() + 3_600_000))['authorization'],
      ]) {
        const refused = await ask(authorization === undefined ? {} : { authorization });
        expect(refused.status, authorization).to.equal(401);
        expect(refused.headers['www-authenticate']).to.match(/^Bearer realm="/);
        expect(refused.headers['cache-control']).to.equal('no-store');
        expect(refused.text).to.not.include(OPERATOR_TOKEN);
      }
      const player = await ask(await asAda(sinceNoon()));
      expect(player.status).to.equal(403);
      expect(player.body).to.include({ code: 'forbidden' });
      expect(player.headers['cache-control']).to.equal('no-store');
      expect(JSON.stringify(portal.log)).to.not.include(OPERATOR_TOKEN);
    });

    it(`${method} ${path} is off where there is no operator token, and the log says what to do (row 112)`, async () => {
      await using portal = await startWatchedPortal({ OPERATOR_TOKEN: '' });
      for (const headers of [
        {},
        AS_OPERATOR,
        await asAda(sinceNoon()),
        { authorization: 'Bearer ' },
      ]) {
        const { status, headers: got, body } = await portal.send(method, path, { headers });
        expect(status).to.equal(403);
        expect(body).to.include({ code: 'monitoring_off' });
        expect(body.detail).to.not.include('OPERATOR_TOKEN');
        expect(got['cache-control']).to.equal('no-store');
      }
      const hints = portal.log.filter(({ msg }) => String(msg).includes('set OPERATOR_TOKEN'));
      expect(hints.map(({ level }) => level)).to.deep.equal(['warn']);
    });
  }

  it('the order of checks holds here, too: route, token, access, parameters, service (row 41)', async () => {
    const { portal } = system;
    const bad = { authorization: 'Bearer wrong' };
    const post = (path: string, headers: Record<string, string>, body: string) =>
      portal.send('POST', path, {
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      });
    const { forced } = await outage();
    expect((await portal.get('/monitoring/nothing', bad)).status).to.equal(404);
    expect((await portal.send('DELETE', '/monitoring/alerts', { headers: bad })).status).to.equal(
      405,
    );
    expect((await portal.get('/monitoring/errors/recent?limit=0', bad)).status).to.equal(401);
    expect(
      (await portal.get('/monitoring/errors/recent?limit=0', await asAda(sinceNoon()))).status,
    ).to.equal(403);
    expect((await post('/monitoring/outages/nobody', bad, '{')).status).to.equal(401);
    expect(
      (await post('/monitoring/outages/stats', await asAda(sinceNoon()), '{')).status,
    ).to.equal(403);
    expect(
      (await post('/monitoring/outages/stats', AS_OPERATOR, '{"state":"maybe"}')).status,
    ).to.equal(400);
    expect(await outage()).to.deep.equal({ forced });

    async function outage() {
      const { body } = await portal.getAsOperator('/monitoring/outages');
      return { forced: body.services[0].state };
    }
  });

  it('an operator is no player, and no user of the games', async () => {
    expect((await system.portal.get(PAGE, AS_OPERATOR)).status).to.equal(401);
  });

  it('the scheme is Bearer however it is written, and what is found is kept by nobody', async () => {
    const { status, headers } = await system.portal.get('/monitoring/alerts', {
      authorization: `bEaReR   ${OPERATOR_TOKEN} `,
    });
    expect(status).to.equal(200);
    expect(headers['cache-control']).to.equal('no-store');
  });
});
