import { expect } from 'chai';
import { SEED_ACCOUNTS } from '../../../src/portal/accounts/seed.ts';
import { createTokens } from '../../../src/portal/accounts/tokens.ts';
import { ERROR_FORMATS } from '../../../src/portal/errors/renderers/index.ts';
import { createClient } from '../soak/client.ts';
import { NOTHING, PLANTS } from './planted.ts';
import { withPlanted, type PlantedPortal } from './planted-portal.ts';
import { provocationsOf, rightRequestsOf, type Provocation, type Tokens } from './requests.ts';
import { CREDENTIALS, leaksIn } from './secrets.ts';

describe('portal: nothing that is the portal’s own leaks (rows 83, 84)', () => {
  /** The routes that have answered an error so far. */
  const failed = new Set<string>();
  let routes: readonly string[] = [];

  for (const nodeEnv of ['development', 'production']) {
    for (const format of ERROR_FORMATS) {
      it(`${format}, ${nodeEnv}: into no answer to what clients do wrong`, async () => {
        await withPlanted(NOTHING, { nodeEnv, format }, (portal) => attack(portal, provocationsOf));
      });
    }

    Object.entries(PLANTS).forEach(([what, plant], i) => {
      const at = nodeEnv === 'production' ? i + 3 : i;
      const format = ERROR_FORMATS[at % ERROR_FORMATS.length] ?? 'problem';
      it(`${format}, ${nodeEnv}: into no answer under ${what}`, async () => {
        await withPlanted(plant, { nodeEnv, format }, (portal) => attack(portal, rightRequestsOf));
      });
    });
  }

  it('every route was made to fail', () => {
    expect(routes.filter((route) => !failed.has(route))).to.deep.equal([]);
  });

  async function attack(
    { url, routes: facts, log }: PlantedPortal,
    requestsOf: typeof provocationsOf,
  ): Promise<void> {
    routes = facts.flatMap(({ methods, path }) =>
      methods.filter((m) => m !== 'HEAD').map((m) => `${m} ${path}`),
    );
    const tokens = await someTokens();
    using client = createClient(url);
    const leaks = new Set<string>();
    const send = async ({ route, method, path, headers, body }: Provocation) => {
      const told = await client.send(method, path, { host: 'portal.test', ...headers }, body);
      const all = JSON.stringify([told.headers, told.body]).replaceAll(HARMLESS, '');
      for (const leak of leaksIn(all)) leaks.add(`${method} ${path} ${told.status}: ${leak}`);
      if (told.status >= 400) failed.add(route);
      expect(told.status, `${method} ${path}`).to.be.within(200, 599);
    };
    await Promise.all(requestsOf(facts, tokens).map(send));
    expect([...leaks]).to.deep.equal([]);
    const told = log.join('');
    for (const secret of [
      ...Object.values(CREDENTIALS),
      ...Object.values(tokens),
      'portal:hunter2',
    ])
      expect(told.includes(secret), `${secret} in the log`).to.equal(false);
  }
});

async function someTokens(): Promise<Tokens> {
  const tokensAt = (ms: number) =>
    createTokens(
      { secret: CREDENTIALS.jwt, accessMs: 3_600_000, refreshMs: 7_200_000 },
      { now: () => ms, randomHex: () => 'id' },
    );
  const [ada] = SEED_ACCOUNTS;
  if (!ada) throw new Error('ada has no account');
  const { access } = await tokensAt(Date.now()).issue(ada);
  const { access: expired } = await tokensAt(Date.now() - 7_200_000).issue(ada);
  return { ada: access, expired };
}

/** Where a game of the seed is played, and what operators are told of the storage. */
const HARMLESS = /http:\/\/localhost:809\d\/|"kind":"(sqlite|postgresql)"/g;
