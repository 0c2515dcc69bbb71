import { expect } from 'chai';
import { createPortal, type RouteFacts } from '../../../src/portal/app.ts';
import { readConfig } from '../../../src/portal/config.ts';
import { provocationsOf } from '../sanitised/requests.ts';
import { asAda, SECRET } from '../portal-under-test.ts';
import { usePortal } from '../use-portal.ts';
import { badTokens } from './bad-tokens.ts';

const OPERATOR = 'only-operators-know-this-token';
/** Routes that everyone may ask, whatever they say of themselves. */
const OPEN = /^(GET \/health(\/detailed)?|GET \/metrics|POST \/(token|token\/refresh|register))$/;

describe('portal: tokens that are none (rows 38, 41)', () => {
  const system = usePortal({ OPERATOR_TOKEN: OPERATOR, GUESS_LIMIT: '100000/1s' });

  it('every route that asks for a token refuses each of them, and asks nobody else', async () => {
    const asked = new Set<string>();
    const tokens = await badTokens();
    for (const route of await routesOfPortal()) {
      const [provocation] = provocationsOf([route], { ada: '', expired: '' });
      if (!provocation) throw new Error(route.path);
      const { method, path, body } = provocation;
      if (OPEN.test(provocation.route)) continue;
      asked.add(provocation.route);
      await Promise.all(
        Object.entries(tokens).map(async ([what, token]) => {
          const headers = {
            'content-type': 'application/json',
            'x-forwarded-for': '10.1.2.3',
            authorization: `Bearer ${token}`,
          };
          const answered = await system.portal.send(method, path, {
            headers,
            ...(body !== undefined && { body }),
          });
          const told = `${method} ${path} with a token ${what}`;
          expect(answered.status, told).to.equal(401);
          expect(answered.headers['www-authenticate'], told).to.match(/^Bearer realm=/);
          expect(answered.headers['content-type'], told).to.equal('application/problem+json');
          expect(answered.text, told).to.not.include(token.length > 3 ? token : SECRET);
        }),
      );
    }
    expect(asked.size).to.be.greaterThan(5);
    expect(system.stub.calls).to.deep.equal([]);
    expect(system.portal.log.filter(({ level }) => /error|fatal/.test(level))).to.deep.equal([]);
  });

  it('two Authorization headers, or one of another kind, are a 401', async () => {
    const { authorization = '' } = await asAda();
    for (const header of [
      `${authorization}, ${authorization}`,
      `${authorization} x`,
      authorization.replace('Bearer', 'Basic'),
      authorization.replace('Bearer ', 'Bearer'),
      'Bearer',
      'Bearer \t',
      'Negotiate',
    ]) {
      const answered = await system.portal.get('/games/v1/games', { authorization: header });
      expect(answered.status, header).to.equal(401);
    }
  });
});

/** Each method of each route of its own. */
async function routesOfPortal(): Promise<readonly RouteFacts[]> {
  const { routes, close } = createPortal(readConfig({ LOG_LEVEL: 'silent' }));
  await close();
  return routes.flatMap(({ methods, path }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => ({ methods: [method], path })),
  );
}
