import type { RouteFacts } from '../../../src/portal/app.ts';
import { ADA } from '../stub-stats.ts';
import { CREDENTIALS } from './secrets.ts';

export interface Provocation {
  /** `GET /games/v1/games/:pk` */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Whose requests there are; ada's token is a true one. */
export interface Tokens {
  readonly ada: string;
  readonly expired: string;
}

/**
 * Requests that make each route fail in every way that a client can: as it should be asked, without and with a wrong token, with ids that are not
 * there and ids that cannot be, with bodies that are wrong.
 * @throws {Error} for a route of which this file knows no parameter, or no body
 */
export function provocationsOf(routes: readonly RouteFacts[], tokens: Tokens): Provocation[] {
  return routes.flatMap(({ methods, path }) =>
    methods
      .filter((method) => method !== 'HEAD')
      .flatMap((method) =>
        provoke(method, path, tokens).map((one) => ({ ...one, route: `${method} ${path}` })),
      ),
  );
}

/** Of these the first by each caller: with a right path and a right body. */
export function rightRequestsOf(routes: readonly RouteFacts[], tokens: Tokens): Provocation[] {
  const seen = new Set<string>();
  return provocationsOf(routes, tokens).filter(({ route, headers }) => {
    const caller = `${route} ${headers['authorization']}`;
    return !seen.has(caller) && seen.add(caller);
  });
}

function provoke(method: string, route: string, tokens: Tokens): Omit<Provocation, 'route'>[] {
  const names = [...route.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const right = pathOf(route, names, 0);
  // Where nobody looks at who asks, and each password costs its time, one is enough.
  const callers = /^\/(token|register)/.test(route) ? 1 : Infinity;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  // A route of operators wants their token, another one a player's: each gets both.
  const holders = [tokens.ada, CREDENTIALS.operator].map(bearer).slice(0, callers);
  const others = names.length > 0 ? [1, 2, 3].map((i) => pathOf(route, names, i)) : [];
  const queries = [`${right}?page=0&page_size=x&limit=-1&time_window=${CREDENTIALS.password}`];
  const plain = [right, ...others, ...queries].flatMap((path) =>
    holders.map((headers) => ({ method, path, headers })),
  );
  const strangers = [
    {},
    bearer(tokens.expired),
    bearer(`${CREDENTIALS.operator}x`),
    bearer('a.b.c'),
    { authorization: `Basic ${CREDENTIALS.password}` },
    { authorization: 'Bearer ' },
  ]
    .slice(0, callers)
    .map((headers) => ({ method, path: right, headers }));
  if (!TAKES_BODY.has(method)) return [...plain, ...strangers];
  const { good, bad } = bodiesOf(`${method} ${route}`);
  const sent = [good, ...bad, '{bad', '[]', '{}', '"x"', JSON.stringify('x'.repeat(20_000))];
  return [
    ...[...plain, ...strangers].map((one) => ({ ...withType(one), body: good })),
    ...sent.flatMap((body) =>
      holders.map((headers) => ({ ...withType({ method, path: right, headers }), body })),
    ),
    ...holders.map((headers) => ({ method, path: right, headers, body: good })),
  ];
}

function withType<P extends { readonly headers: Readonly<Record<string, string>> }>(one: P): P {
  return { ...one, headers: { ...one.headers, 'content-type': 'application/json' } };
}

/** The path with the parameters' values of this number: a good one, one that is not there, and some that cannot be. */
function pathOf(route: string, names: readonly string[], number: number): string {
  return names.reduce(
    (path, name) => {
      const values = PARAMETERS[name];
      if (!values) throw new Error(`${route}: tell requests.ts what :${name} can be`);
      return path.replace(`:${name}`, values[Math.min(number, values.length - 1)] ?? '');
    },
    route.replace(/\{\/\}\??$/, ''),
  );
}

function bodiesOf(route: string): Bodies {
  const bodies = BODIES[route];
  if (!bodies) throw new Error(`${route}: tell requests.ts what its body can be`);
  return bodies;
}

interface Bodies {
  readonly good: string;
  readonly bad: readonly string[];
}

const TAKES_BODY = new Set(['POST', 'PUT', 'PATCH']);
const STRANGE = '%27%3B%20drop%20table%20games%3B--%20%3Cscript%3E';
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  pk: ['1', '999999', STRANGE, '%zz'],
  game_id: ['exrps', 'nothing', STRANGE, '%zz'],
  product_id: ['exrps', 'nothing', STRANGE, '%zz'],
  user_id: [ADA, 'nobody', STRANGE, '%zz'],
  id: ['1', '999999', 'notAnId', '%zz'],
  service: ['stats', 'nothing', STRANGE, '%zz'],
};
const REVIEW = { rating_out_of_five: 4, text: 'fine' };
const BODIES: Readonly<Record<string, Bodies>> = {
  'POST /token': login({ email: 'ada@example.test', password: CREDENTIALS.password }),
  'POST /token/refresh': login({ refresh: `a.${CREDENTIALS.password}.c` }),
  'POST /register': login({
    username: 'mallory',
    email: 'ada@example.test',
    password: CREDENTIALS.password,
  }),
  'POST /games/v1/games/:game_id/reviews': review(REVIEW),
  'PUT /games/v1/games/:game_id/reviews/:id': review(REVIEW),
  'PATCH /games/v1/games/:game_id/reviews/:id': {
    good: '{"increase_votes_by":1}',
    bad: ['{"increase_votes_by":"word"}', '{"increase_votes_by":99999999999}'],
  },
  'POST /monitoring/reset': { good: '', bad: ['{}'] },
  'POST /monitoring/outages/:service': { good: '{"state":"off"}', bad: ['{"state":"x"}'] },
};

function login(fields: Readonly<Record<string, string>>): Bodies {
  const bad = Object.keys(fields).flatMap((name) =>
    [null, 7, '', `'; drop table accounts; -- \u0000`].map((value) =>
      JSON.stringify({ ...fields, [name]: value }),
    ),
  );
  return { good: JSON.stringify(fields), bad };
}

function review(fields: typeof REVIEW): Bodies {
  const bad = [{ rating_out_of_five: 6 }, { text: '' }, { text: '<script>\u0000' }, { text: 7 }];
  return {
    good: JSON.stringify(fields),
    bad: bad.map((wrong) => JSON.stringify({ ...fields, ...wrong })),
  };
}
