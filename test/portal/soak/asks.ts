import { connect } from 'node:net';
import type { Random } from '../../../src/common/random.ts';
import { NAMED_BOARD, STATS } from '../stub-stats.ts';
import { expectStatus, JSON_TYPE, wrong, type Ask, type World } from './ask.ts';
import type { Told } from './client.ts';
import { gateway } from './ask-gateway.ts';
import { review } from './ask-review.ts';

export function draw(random: Random): Ask {
  let left = random() * TOTAL;
  return ASKS.find(({ weight }) => (left -= weight) < 0) ?? (ASKS[0] as Ask);
}

const page: Ask['send'] = async ({ client, outage, recovery, headers }) => {
  const board = recovery.asked('board');
  const stats = recovery.asked('stats');
  const told = await client.send('GET', '/games/v2/games/exrps', headers.ada);
  const { status, body } = told;
  const id = told.header('x-request-id');
  expectStatus(status, 200);
  board.judge(body.leaderboard, NAMED_BOARD, outage.board, id);
  stats.judge(body.player_stats, STATS, outage.stats, id);
  if (body.degraded !== (body.leaderboard.error || body.player_stats.error))
    wrong('degraded', body);
  if (body.game.game_id !== 'exrps') wrong('the game', body);
};

const anonymous: Ask['send'] = async ({ client, outage, recovery }) => {
  const board = recovery.asked('board');
  const { status, body } = await client.send('GET', '/games/v2/games/exrps');
  expectStatus(status, 200);
  board.judge(body.leaderboard, NAMED_BOARD, outage.board);
  if (body.player_stats.error || body.player_stats.reason !== 'anonymous') wrong('anonymous', body);
};

function v1(call: 'board' | 'stats'): Ask['send'] {
  const path = call === 'board' ? '/games/v1/leaderboard/exrps/' : '/games/v1/stats/exrps';
  const empty = call === 'board' ? [] : {};
  return async ({ client, outage, recovery, headers }) => {
    const asked = recovery.asked(call);
    const told = await client.send('GET', path, headers.ada);
    expectStatus(told.status, 200);
    const reason = /;reason=(\w+)$/.exec(told.header('degraded') ?? '')?.[1];
    const part = reason
      ? { data: told.body, error: true, reason, retryable: false }
      : { data: told.body, error: false };
    if (reason && JSON.stringify(told.body) !== JSON.stringify(empty))
      wrong('data beside a flag', told.body);
    asked.judge(
      part,
      call === 'board' ? NAMED_BOARD : STATS,
      outage[call],
      told.header('x-request-id'),
    );
  };
}

/** What is answered the same, whatever the stats service does. */
function always(method: string, path: string, status: number, how: Always = {}): Ask['send'] {
  const { headers = {}, as, body, holds = () => true } = how;
  return async ({ client, headers: tokens }) => {
    const told = await client.send(method, path, { ...headers, ...(as && tokens[as]) }, body);
    expectStatus(told.status, status);
    if (!holds(told)) wrong('the body', told.body);
    if (status >= 400 && !told.header('content-type')?.includes('problem+json'))
      wrong('its type', told.body);
  };
}

interface Always {
  readonly headers?: Record<string, string>;
  readonly as?: keyof World['headers'];
  readonly body?: string;
  readonly holds?: (told: Told) => boolean;
}

/** A client that goes away: before it has sent all, or before it is answered. */
const aborted: Ask['send'] = ({ client, headers }, random) => {
  const socket = connect(client.port, '127.0.0.1');
  const head = `GET /games/v2/games/exrps HTTP/1.1\r\nHost: x\r\nAuthorization: ${headers.ada['authorization']}\r\n\r\n`;
  const bytes = random() < 0.3 ? head.slice(0, Math.floor(random() * head.length)) : head;
  const waitMs = Math.floor(random() * 4);
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.on('data', () => undefined);
    socket.write(bytes, () =>
      setTimeout(() => (random() < 0.5 ? socket.destroy() : socket.resetAndDestroy()), waitMs),
    );
  });
};

const LOGIN = JSON.stringify({ email: 'ada@example.test', password: 'ada-plays-fair' });
export const ASKS: readonly Ask[] = [
  { name: 'page', weight: 50, send: page },
  { name: 'page, anonymous', weight: 10, send: anonymous },
  { name: 'v1 board', weight: 6, send: v1('board') },
  { name: 'v1 stats', weight: 6, send: v1('stats') },
  { name: 'client gone', weight: 3, send: aborted },
  { name: 'gateway', weight: 4, send: gateway },
  { name: 'review', weight: 2, send: review },
  { name: 'metrics', weight: 0.5, send: always('GET', '/metrics', 200) },
  { name: 'health in detail', weight: 1, send: always('GET', '/health/detailed', 200) },
  { name: 'errors', weight: 1, send: always('GET', '/monitoring/errors', 200, { as: 'operator' }) },
  {
    name: 'reset',
    weight: 0.1,
    send: always('POST', '/monitoring/reset', 200, { as: 'operator' }),
  },
  {
    name: 'games',
    weight: 5,
    send: always('GET', '/games/v1/games/', 200, { holds: ({ body }) => body.count === 3 }),
  },
  { name: 'game', weight: 3, send: always('GET', '/games/v1/games/1', 200) },
  { name: 'health', weight: 3, send: always('GET', '/health', 200) },
  { name: 'no route', weight: 2, send: always('GET', '/nowhere', 404) },
  { name: 'no method', weight: 1, send: always('DELETE', '/games/v1/games', 405) },
  { name: 'no game', weight: 2, send: always('GET', '/games/v2/games/nothing', 404) },
  {
    name: 'expired',
    weight: 2,
    send: always('GET', '/games/v2/games/exrps', 401, { as: 'expired' }),
  },
  {
    name: 'forged',
    weight: 2,
    send: always('GET', '/games/v1/games', 401, { headers: { authorization: 'Bearer a.b.c' } }),
  },
  {
    name: 'login',
    weight: 0.4,
    send: always('POST', '/token/', 200, {
      headers: JSON_TYPE,
      body: LOGIN,
      holds: ({ body }) => typeof body.access === 'string',
    }),
  },
  {
    name: 'bad JSON',
    weight: 2,
    send: always('POST', '/token/', 400, { headers: JSON_TYPE, body: '{bad' }),
  },
  {
    name: 'bad type',
    weight: 1,
    send: always('POST', '/token/', 415, { headers: { 'content-type': 'text/plain' }, body: 'x' }),
  },
];
const TOTAL = ASKS.reduce((sum, { weight }) => sum + weight, 0);
