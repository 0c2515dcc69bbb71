import { expect } from 'chai';
import { createPortal } from '../../../src/portal/app.ts';
import { readConfig } from '../../../src/portal/config.ts';
import { asAda, type Answered } from '../portal-under-test.ts';
import { provocationsOf, type Provocation } from '../sanitised/requests.ts';
import { usePortal } from '../use-portal.ts';
import { apartFromStats } from './apart-from-stats.ts';
import { HOSTILE_BODIES, HOSTILE_HEADERS, HOSTILE_PARTS, HOSTILE_VALUES } from './values.ts';

const OPERATOR = 'only-operators-know-this-token';
const REVIEWS = '/games/v1/games/exrps/reviews';

describe('portal: hostile input on every route (rows 48, 50, 51, 60)', () => {
  const system = usePortal({ OPERATOR_TOKEN: OPERATOR, GUESS_LIMIT: '1000000/1s' });
  let routes: readonly Provocation[] = [];

  before(async () => {
    const portal = createPortal(readConfig({ LOG_LEVEL: 'silent' }));
    await portal.close();
    const seen = new Set<string>();
    // Of each route the first: with a right path, and a right body.
    routes = provocationsOf(portal.routes, { ada: '', expired: '' }).filter(
      ({ route }) => !seen.has(route) && seen.add(route),
    );
  });

  it('bodies that are no good for anyone are a 4xx each', async () => {
    const bodies = HOSTILE_BODIES.map(([type, body]) => ({
      body,
      headers: { 'content-type': type },
    }));
    await attack(
      withBodies().flatMap((route) => bodies.map((sent) => ({ ...route, ...sent }))),
      [400, 499],
    );
    expect(({} as { isAdmin?: boolean }).isAdmin).to.equal(undefined);
  });

  it('hostile values in each field are kept as they are, or a 4xx', async () => {
    await attack(
      withBodies().flatMap((route) => {
        const good = JSON.parse(route.body ?? '{}') as object;
        const headers = { 'content-type': 'application/json' };
        return [...Object.keys(good), '__proto__', 'id'].flatMap((field) =>
          HOSTILE_VALUES.map((value) => {
            const body = JSON.stringify({ ...good, [field]: value });
            return { ...route, headers, body };
          }),
        );
      }),
    );
  });

  it('hostile parts of paths are a 2xx or a 4xx', async () => {
    await attack(
      routes.flatMap((route) => {
        const template = route.route.split(' ')[1] ?? '';
        const names = template.match(/:\w+/g) ?? [];
        return names.flatMap((name) =>
          HOSTILE_PARTS.map((part) => {
            const path = template.replace(name, part).replaceAll(/:\w+/g, '1');
            return { ...route, path };
          }),
        );
      }),
    );
  });

  it('hostile queries are a 2xx or a 4xx', async () => {
    const names = ['page', 'limit', 'time_window', '__proto__'];
    await attack(
      routes
        .filter(({ method }) => method === 'GET')
        .flatMap((route) =>
          names.flatMap((name) =>
            HOSTILE_PARTS.map((part) => ({
              ...route,
              path: `${route.path}?${name}=${part}&${name}[]=1`,
            })),
          ),
        ),
    );
  });

  it('hostile headers are a 2xx or a 4xx', async () => {
    await attack(
      routes.flatMap((route) => HOSTILE_HEADERS.map((headers) => ({ ...route, headers }))),
    );
  });

  it('odd methods are a 404 or a 405', async () => {
    const methods = ['TRACE', 'PROPFIND', 'LOCK', 'MKCOL', 'REPORT', 'SEARCH', 'PURGE', 'COPY'];
    await attack(
      routes.flatMap((route) => methods.map((method) => ({ ...route, method }))),
      [404, 405],
    );
  });

  function withBodies(): readonly Provocation[] {
    return routes.filter(({ body = '' }) => body !== '');
  }

  /** All of them at once, some of them as ada, some as an operator: none may be an error of ours, or change what others have. */
  async function attack(
    requests: readonly Provocation[],
    [least, most]: readonly [number, number] = [200, 499],
  ): Promise<void> {
    await system.portal.send('POST', REVIEWS, await review('fine'));
    const before = await apartFromStats(system.portal);
    const ada = await asAda();
    const operator = { authorization: `Bearer ${OPERATOR}` };
    expect(requests.length).to.be.greaterThan(20);
    const left = [...requests];
    const lane = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const { method, path, route, body } = next;
        const own = route.includes('/monitoring/') ? operator : ada;
        const headers = { ...own, ...next.headers };
        if (next.headers['authorization'] === 'Bearer ')
          headers.authorization = own['authorization'];
        const answered = await system.portal.send(method, path, {
          headers,
          ...(body !== undefined && { body }),
        });
        judge(
          answered,
          `${method} ${path.slice(0, 100)} ${JSON.stringify(next.headers).slice(0, 100)} ${body?.slice(0, 100)}`,
        );
        expect(answered.status, path).to.be.within(least, most);
      }
    };
    await Promise.all(Array.from({ length: 16 }, lane));
    expect(await apartFromStats(system.portal)).to.deep.equal(before);
    const loud = system.portal.log.filter(
      ({ level, type }) => /error|fatal/.test(level) && type !== 'service_failing',
    );
    expect(loud).to.deep.equal([]);
  }

  function judge({ status, headers, body }: Answered, told: string): void {
    expect(status, told).to.be.below(500);
    expect(headers, told).to.not.have.any.keys('set-cookie');
    if (status < 400) return;
    // Who accepts something else gets the error as that.
    const type = headers['content-type'] ?? '';
    if (type === 'application/problem+json') expect(body, told).to.include({ status });
    else expect(type, told).to.match(/^text\/html/);
  }

  async function review(text: string): Promise<{ headers: Record<string, string>; body: string }> {
    const headers = { ...(await asAda()), 'content-type': 'application/json' };
    return { headers, body: JSON.stringify({ rating_out_of_five: 4, text }) };
  }
});
