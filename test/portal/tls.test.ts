import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { listen } from '../../src/common/server.ts';
import { createAuthority, type CertificateKind } from '../../src/proxy/authority.ts';
import { folder } from '../helpers/folder.ts';
import { PAGE, startPortalUnderTest } from './portal-under-test.ts';
import { BOARD, NAMED_BOARD, STATS } from './stub-stats.ts';
import { flagged } from './use-portal.ts';

describe('portal: a stats service that is reached by TLS', () => {
  const pageBefore = async (kind: CertificateKind, env: (ca: string) => Record<string, string>) => {
    const authority = await createAuthority(Date.now());
    using files = folder();
    writeFileSync(files.file('ca.pem'), authority.pem);
    let asked = 0;
    const server = createServer(authority.certificate(kind, '127.0.0.1'), ({ url }, response) => {
      asked += 1;
      response.end(JSON.stringify(url?.startsWith('/stats') ? STATS : BOARD));
    });
    await using stats = await listen(server);
    const url = stats.url.replace('http:', 'https:');
    await using portal = await startPortalUnderTest(url, env(files.file('ca.pem')));
    const { status, body } = await portal.getAsAda(PAGE);
    return { status, body, asked };
  };
  const trusting = (ca: string) => ({ STATS_TRACKER_CA: ca });

  it('is asked when STATS_TRACKER_CA vouches for it', async () => {
    const { body } = await pageBefore('good', trusting);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(body.player_stats).to.deep.equal({ data: STATS, error: false });
  });

  for (const kind of ['expired', 'self-signed', 'wrong-host'] as const) {
    it(`is not asked when its certificate is ${kind}, and both parts are flagged (row 8)`, async () => {
      const { status, body, asked } = await pageBefore(kind, trusting);
      expect([status, asked]).to.deep.equal([200, 0]);
      expect(body.leaderboard).to.deep.equal(flagged([], 'unreachable'));
      expect(body.player_stats).to.deep.equal(flagged({}, 'unreachable'));
    });
  }

  it('is not asked when nobody vouches for it', async () => {
    const { body, asked } = await pageBefore('good', () => ({}));
    expect(asked).to.equal(0);
    expect(body.leaderboard).to.deep.equal(flagged([], 'unreachable'));
  });
});
