import { writeFileSync } from 'node:fs';
import type { Middleware } from 'koa';
import type { PortalDependencies } from '../../../src/portal/app.ts';
import type { PortalState } from '../../../src/portal/http/context.ts';
import type { Storage } from '../../../src/portal/storage/storage.ts';
import type { Folder } from '../../helpers/folder.ts';
import { hang, json, raw, reset, text, type Answer } from '../stub-stats.ts';
import { failingPostgres } from './postgres-stub.ts';
import { PLANTED, PLANTED_HEADER } from './secrets.ts';

/** A way in which secrets come near the answers of the portal. */
export interface Plant {
  readonly stats?: Answer;
  /** Variables of the portal; what they need is ended with `end`. */
  readonly env?: (files: Folder) => Promise<{ env: Record<string, string>; end?: AsyncDisposable }>;
  readonly dependencies?: Partial<PortalDependencies>;
  /** Stands where routes would be reached. */
  readonly middleware?: Middleware<PortalState>;
}

/** Where all that goes wrong are the clients. */
export const NOTHING: Plant = {};

export const PLANTS: Readonly<Record<string, Plant>> = {
  ...upstream('a 500 with secrets in body and headers', text(PLANTED, 500, HEADERS())),
  ...upstream('a 400 whose body has secrets', json(BODY(), 400)),
  ...upstream('a 404 with HTML', text(`<pre>${PLANTED}</pre>`, 404, HEADERS())),
  ...upstream('a 401 for our own key', json(BODY(), 401)),
  ...upstream('a 429', text(PLANTED, 429, { ...HEADERS(), 'Retry-After': '3' })),
  ...upstream('a redirect', text(PLANTED, 302, { Location: 'http://10.1.2.3:443/secret-place' })),
  ...upstream('what is no JSON', text(PLANTED, 200, HEADERS())),
  ...upstream('JSON of another shape', json([[PLANTED], { error: [PLANTED] }])),
  ...upstream('a reset', reset),
  ...upstream('garbage', raw(PLANTED)),
  ...upstream('a black hole', hang),
  'a stats service whose name nobody knows': env({
    STATS_TRACKER_URL: 'http://secret-host.invalid:443',
  }),
  'a file that is no database': {
    async env(files) {
      const path = files.file('secret-hunter2.sqlite');
      writeFileSync(path, PLANTED.repeat(100));
      return { env: { DATABASE_URL: `file:${path}` } };
    },
  },
  'a PostgreSQL that is not there': env({
    DATABASE_URL: 'postgres://portal:hunter2@127.0.0.1:9/secret_database',
  }),
  ...Object.fromEntries(
    ['22P02', '23505', '23503', '08006', '57014', '40001', '42P01', '28P01', 'XX000'].map(
      (sqlstate) => [`a PostgreSQL that fails with ${sqlstate}`, failing(sqlstate)],
    ),
  ),
  'a storage that throws': { dependencies: { openStorage: brokenStorage } },
  'a fetch that throws': { dependencies: { fetch: () => Promise.reject(new Error(PLANTED)) } },
  ...thrown('an error', () => new Error(PLANTED)),
  ...thrown('an error with a status and headers', () =>
    Object.assign(new Error(PLANTED), {
      status: 503,
      headers: { 'X-Secret': PLANTED_HEADER },
      body: PLANTED,
    }),
  ),
  ...thrown('a TypeError', () => new TypeError(PLANTED)),
  ...thrown('a string', () => PLANTED),
  ...thrown('an object', () => ({ message: PLANTED, password: 'hunter2', status: 400 })),
  ...thrown('nothing', () => undefined),
  ...thrown('an error of many', () => new AggregateError([new Error(PLANTED)], PLANTED)),
};

function upstream(what: string, stats: Answer): Record<string, Plant> {
  return { [`a stats service that answers ${what}`]: { stats } };
}

function env(variables: Record<string, string>): Plant {
  return { env: async () => ({ env: variables }) };
}

function failing(sqlstate: string): Plant {
  return {
    async env() {
      const end = await failingPostgres(sqlstate);
      const url = `postgres://portal:hunter2@127.0.0.1:${end.port}/secret_database`;
      return { env: { DATABASE_URL: url }, end };
    },
  };
}

/** Whatever is asked of it throws what nobody has foreseen. */
function brokenStorage(): Storage {
  const broken = () => {
    throw new RangeError(PLANTED);
  };
  const all = new Proxy({}, { get: () => async () => broken() });
  const parts = { games: all, accounts: all, reviews: all } as unknown as Storage;
  return { ...parts, kind: 'sqlite', check: async () => broken(), close: async () => undefined };
}

function thrown(what: string, make: () => unknown): Record<string, Plant> {
  const middleware: Middleware<PortalState> = (ctx) => {
    ctx.set({ ETag: '"hunter2"', 'X-Powered-By': PLANTED_HEADER });
    throw make();
  };
  return { [`a middleware that throws ${what}`]: { middleware } };
}

function HEADERS(): Record<string, string> {
  return {
    'Set-Cookie': 'session=hunter2',
    'X-Secret': PLANTED_HEADER,
    Server: 'secret-server/10.1.2.3',
    'WWW-Authenticate': `Bearer realm="${PLANTED_HEADER.replaceAll('"', '')}"`,
  };
}

/** A message that gateway routes may pass on stands where it is declared; all else is the service's own. */
function BODY(): object {
  return {
    status: { status_code: 400, message: 'Choose another product.', trace: PLANTED },
    error: PLANTED,
    code: PLANTED,
    implementationDetails: { [PLANTED]: PLANTED },
  };
}
