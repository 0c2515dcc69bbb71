import { expect } from 'chai';
import { z } from 'zod';
import { BrownoutError } from '../../../src/common/errors.ts';
import { readConfig, SETTINGS } from '../../../src/portal/config.ts';
import { readServices } from '../../../src/portal/gateway/settings.ts';
import type { GatewayService } from '../../../src/portal/gateway/service.ts';
import { startCustomPortal } from '../custom-portal.ts';
import { asAda, PAGE, SECRET } from '../portal-under-test.ts';
import { BOARD, hang, inTurn, json, reset, startStub, text, type Stub } from '../stub-stats.ts';
import { usePortal } from '../use-portal.ts';
import { expectError, GATEWAY_BOARD } from './use-gateway.ts';

const LOBBY = '/gateway/matchmaker/lobby/exrps';
const GAMES = [{ game_id: 'a1', players: 1 }];
const OPERATOR = { authorization: 'Bearer the-token-of-the-operator' };

describe('portal: a second service, of which a few lines are told (row 91)', () => {
  const system = usePortal();
  let matchmaker: Stub;

  beforeEach(async () => {
    matchmaker = await startStub();
    matchmaker.board = json(GAMES);
    await restart();
  });
  afterEach(() => matchmaker[Symbol.asyncDispose]());

  const restart = (env: Record<string, string> = {}) =>
    system.restartPortal({
      MATCHMAKER_URL: matchmaker.url,
      OPERATOR_TOKEN: 'the-token-of-the-operator',
      ...env,
    });
  const lobby = () => system.portal.getAsAda(LOBBY);

  it('is not there unless it is said where', async () => {
    await system.restartPortal({});
    expect((await lobby()).status).to.equal(404);
  });

  it('passes on what it says, without what is none of its model', async () => {
    matchmaker.board = json([{ ...GAMES[0], host: '10.1.2.3' }]);
    const { status, body } = await lobby();
    expect([status, body]).to.deep.equal([200, GAMES]);
    expect(matchmaker.calls.map(({ url }) => url)).to.deep.equal(['/lobby/exrps']);
    expect(matchmaker.calls[0]?.headers).to.include.keys('traceparent', 'x-request-id');
    expect((await system.portal.get(LOBBY)).status).to.equal(401);
  });

  it('has every mapping of errors for free (row 95)', async () => {
    await restart({ ATTEMPT_TIMEOUT: '60ms', PAGE_DEADLINE: '400ms' });
    for (const [answer, status, detail] of [
      [reset, 503, 'The matchmaker service cannot be reached now.'],
      [hang, 504, 'The matchmaker service did not answer in time.'],
      [text('<html>'), 502, 'The matchmaker service gave no usable answer.'],
      [json([{ game_id: 1 }]), 502, 'The matchmaker service gave no usable answer.'],
      [json({ status: { message: 'No such game' } }, 404), 404, 'No such game'],
      [text('', 429), 429, 'The matchmaker service is asked too often.'],
      [json(GAMES, 403), 502, 'The matchmaker service gave no usable answer.'],
    ] as const) {
      matchmaker.board = answer;
      expectError(await lobby(), status, detail);
    }
  });

  it('keeps its outages to itself: the breakers of the stats service stay closed (row 96)', async () => {
    matchmaker.board = reset;
    for (let i = 0; i < 10; i++) await lobby();
    const { status, body } = await lobby();
    expect(status).to.equal(503);
    expect(body.detail).to.match(/^The matchmaker service has been out since \d{4}-.+Z\.$/);
    expect((await system.portal.getAsAda(GATEWAY_BOARD)).status).to.equal(200);
    expect((await system.portal.getAsAda(PAGE)).body.degraded).to.equal(false);
    const { dependencies } = (await system.portal.get('/health/detailed', OPERATOR)).body;
    expect(dependencies.matchmaker.status).to.equal('degraded');
    expect(dependencies.stats.status).to.equal('ok');
  });

  it('is in the metrics, and operators can switch it off, like the stats service', async () => {
    await lobby();
    const metrics = await system.portal.get('/metrics', OPERATOR);
    expect(metrics.text).to.match(/portal_calls_total\{service="matchmaker",call="lobby".*\} 1/);
    const off = await system.portal.send('POST', '/monitoring/outages/matchmaker', {
      headers: { ...OPERATOR, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'on' }),
    });
    expect(off.status).to.equal(200);
    const { status, body, headers } = await lobby();
    expect(status).to.equal(503);
    expect(body.detail).to.match(/^The matchmaker service has been switched off since \d{4}-/);
    expect(headers['retry-after']).to.equal('1');
    expect((await system.portal.getAsAda(PAGE)).body.degraded).to.equal(false);
  });

  it('has its own keys, of which the next is tried when one is limited', async () => {
    await restart({ MATCHMAKER_KEYS: 'one,two', MATCHMAKER_KEY_HEADER: 'X-Matchmaker' });
    matchmaker.board = inTurn(text('', 429), json(GAMES));
    expect((await lobby()).status).to.equal(200);
    const keys = matchmaker.calls.map(({ headers }) => headers['x-matchmaker']);
    expect(keys).to.deep.equal(['one', 'two']);
  });

  it('has its codes translated by its part of the catalogue (row 89)', async () => {
    await restart({ MATCHMAKER_CODE_FIELD: 'status.code' });
    matchmaker.board = json({ status: { code: 'full', message: 'lobby.py:12 full' } }, 400);
    const answer = await lobby();
    expectError(answer, 409, 'This game has all the players that it takes.');
    expect(answer.body.code).to.equal('full');
  });

  for (const code of ['RX139', 139]) {
    it(`a code that is not in the catalogue, ${code}, is a hint in the log, once (row 89)`, async () => {
      await restart({ MATCHMAKER_CODE_FIELD: 'status.code' });
      matchmaker.board = json({ status: { code, message: 'Not now' } }, 400);
      for (let i = 0; i < 3; i++) expectError(await lobby(), 400, 'Not now');
      const hints = system.portal.log.filter(({ msg }) => String(msg).includes('catalogue'));
      expect(hints).to.have.length(1);
      expect(hints[0]?.['msg']).to.include(`matchmaker answered with the code "${code}"`);
    });
  }

  for (const code of [{ a: 1 }, null, true, '']) {
    it(`${JSON.stringify(code)} is no code (row 89)`, async () => {
      await restart({ MATCHMAKER_CODE_FIELD: 'status.code' });
      matchmaker.board = json({ status: { code, message: 'Not now' } }, 400);
      expectError(await lobby(), 400, 'Not now');
      expect(
        system.portal.log.filter(({ msg }) => String(msg).includes('catalogue')),
      ).to.have.length(0);
    });
  }

  it('has every setting that the stats service has, under its own prefix', () => {
    const of = (prefix: RegExp) =>
      Object.keys(SETTINGS)
        .filter((name) => prefix.test(name))
        .map((name) => name.replace(prefix, ''));
    expect(of(/^MATCHMAKER_/)).to.include.members(['URL', 'CA', 'KEYS', 'RATE_LIMIT']);
    expect(of(/^MATCHMAKER_/)).to.have.members(of(/^STATS_(?:TRACKER_)?/));
    const read = () =>
      readConfig({ MATCHMAKER_URL: 'http://127.0.0.1:1', MATCHMAKER_RATE_LIMIT: 'often' });
    expect(read).to.throw(BrownoutError, /^MATCHMAKER_RATE_LIMIT: expected a rate/);
  });
});

describe('portal: a third service (row 91)', () => {
  // All that it takes: an entry in the list of services.
  const CHAT: GatewayService = {
    name: 'chat',
    prefix: 'CHAT',
    routes: [
      {
        path: 'rooms/:room/posts',
        call: 'posts',
        read: (posts) => z.array(z.string()).parse(posts),
      },
    ],
    errors: { full: { status: 410, message: 'This room is closed.' } },
  };

  it('is there with the lines of its entry, and the same code means its own thing (row 89)', async () => {
    await using chat = await startStub();
    await using stats = await startStub();
    const env = {
      STATS_TRACKER_URL: stats.url,
      CHAT_URL: chat.url,
      CHAT_CODE_FIELD: 'code',
      JWT_SECRET: SECRET,
    };
    const config = readConfig(env, { services: readServices(env, [CHAT]) });
    await using portal = await startCustomPortal(config, {});
    const get = async (path: string) => {
      const response = await fetch(portal.url + path, { headers: await asAda() });
      return { status: response.status, body: (await response.json()) as { detail?: string } };
    };
    chat.board = json(['hello']);
    expect(await get('/gateway/chat/rooms/a%20b/posts')).to.deep.equal({
      status: 200,
      body: ['hello'],
    });
    expect(chat.calls[0]?.url).to.equal('/rooms/a%20b/posts');
    for (const said of [400, 403, 500]) {
      chat.board = json({ code: 'full' }, said);
      const { status, body } = await get('/gateway/chat/rooms/1/posts');
      expect([status, body.detail]).to.deep.equal([410, 'This room is closed.']);
    }
    chat.board = json({ code: 'other' }, 403);
    expect((await get('/gateway/chat/rooms/1/posts')).status).to.equal(502);
    expect((await get(GATEWAY_BOARD)).body).to.deep.equal(BOARD);
  });
});
