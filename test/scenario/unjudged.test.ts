import { expect } from 'chai';
import { BrownoutError } from '../../src/common/errors.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { BASICS, BROKEN_BOARD, filesOf, load, run } from './run-files.ts';
import { openWorld, rightService, type Reply } from './service.ts';

describe('a service that cannot be judged', () => {
  it('is broken with its log when it does not start', async () => {
    const suite = await load(filesOf({ ...BROKEN_BOARD, matrix: { n: [1, 2] }, tags: ['n${n}'] }));
    const why = 'the service did not start: it ended with code 1\nno database';
    await using world = await openWorld(rightService);
    const result = await runSuite({
      ...BASICS,
      suite,
      openSystem: async () => ({
        ...(await world.openSystem()),
        start: () => Promise.reject(new BrownoutError('not_ready', why)),
      }),
    });
    expect(result.cells.map(({ verdict, reason }) => ({ verdict, reason }))).to.deep.equal([
      { verdict: 'broken', reason: why },
      { verdict: 'broken', reason: why },
    ]);
    expect(result.exit).to.equal(4);
  });

  const identities = { ada: { post: '/login', json: { user: 'ada' }, token: '/token' } };
  const logins: Record<string, [Partial<Reply>, string]> = {
    'is refused': [{ status: 401, body: { token: 'x' } }, '401 {"token":"x"}'],
    'gives no token': [
      { body: { tokens: [] } },
      '200, without a text at /token (there is: tokens)',
    ],
    'gives an empty token': [
      { body: { token: '' } },
      '200, without a text at /token (there is: token)',
    ],
  };
  for (const [what, [reply, why]] of Object.entries(logins)) {
    it(`is broken when a login ${what}`, async () => {
      const { cell } = await run({
        system: { identities },
        scenario: BROKEN_BOARD,
        service: async (visit) =>
          visit.path === '/login' ? { body: '', ...reply } : rightService(visit),
      });
      expect(cell.verdict).to.equal('broken');
      expect(cell.reason).to.equal(`the identity "ada" could not log in: ${why}`);
    });
  }

  it('is asked with the token of an identity that logged in once', async () => {
    const seen: string[] = [];
    let logins = 0;
    const { cell } = await run({
      system: { identities },
      contract: { request: { get: '/page', as: 'ada' } },
      scenario: BROKEN_BOARD,
      async service(visit) {
        if (visit.path === '/login') {
          logins++;
          expect(visit).to.include({ method: 'POST', body: '{"user":"ada"}' });
          return { body: { token: 'secret' } };
        }
        seen.push(visit.headers.authorization ?? '');
        return rightService(visit);
      },
    });
    expect(cell.verdict).to.equal('passed');
    expect(logins).to.equal(1);
    expect(new Set(seen)).to.deep.equal(new Set(['Bearer secret']));
    expect(cell.curl).to.equal('curl -i -H "authorization: Bearer $TOKEN" "$SERVICE"/page');
  });

  it('is inconclusive when the journal overflows', async () => {
    const suite = await load(filesOf(BROKEN_BOARD));
    await using world = await openWorld(rightService);
    const system = await world.openSystem();
    const control: typeof system.control = {
      ...system.control,
      journal: async (query) => ({ ...(await system.control.journal(query)), overflowed: true }),
    };
    const openSystem = () => Promise.resolve({ ...system, control });
    const { cells } = await runSuite({ ...BASICS, suite, openSystem });
    expect(cells[0]).to.include({ verdict: 'inconclusive', reason: 'the journal overflowed' });
  });

  it('is broken when a fault cannot be armed', async () => {
    const suite = await load(filesOf(BROKEN_BOARD));
    await using world = await openWorld(rightService);
    const system = await world.openSystem();
    const control = { ...system.control, add: () => Promise.reject(new Error('no way')) };
    const openSystem = () => Promise.resolve({ ...system, control });
    const { cells } = await runSuite({ ...BASICS, suite, openSystem });
    expect(cells[0]).to.include({ verdict: 'broken', reason: 'no way' });
    expect((await world.left()).instances).to.equal(0);
  });
});
