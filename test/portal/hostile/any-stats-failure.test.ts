import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { FAULTS } from '../../../src/proxy/catalogue.ts';
import { createProxy } from '../../../src/proxy/proxy.ts';
import { folder } from '../../helpers/folder.ts';
import { PAGE, startPortalUnderTest, type PortalUnderTest } from '../portal-under-test.ts';
import { hang, startStub, text } from '../stub-stats.ts';
import { flagged } from '../use-portal.ts';
import { FORMS } from './faults.ts';
import { apartFromStats, type Settled } from './apart-from-stats.ts';

describe('portal: under any failure of the stats service (rows 8, 11)', () => {
  it('every fault that the proxy knows is tried', () => {
    expect(Object.keys(FORMS).sort()).to.deep.equal([...FAULTS.keys()].sort());
  });

  for (const [fault, forms] of Object.entries(FORMS)) {
    it(`${fault}: the page is there, flagged or whole, and all else as when healthy`, async () => {
      const left = [...forms];
      // A few at once: more portals on a busy machine would look like a slow stats service.
      const lane = async () => {
        for (let inject = left.shift(); inject !== undefined; inject = left.shift()) {
          const what = JSON.stringify(inject);
          await underFault(fault === 'tls', inject, async (portal, healthy) => {
            const [pages, apart] = await Promise.all([pagesOf(portal), apartFromStats(portal)]);
            for (const page of pages) expectLegal(page, what);
            expect(apart).to.deep.equal(healthy);
          });
        }
      };
      await Promise.all([lane(), lane(), lane()]);
    });
  }

  it('a flag has a reason and whether asking again helps, an answer its id, and no more (row 115)', async () => {
    await using stub = await startStub();
    stub.board = text('<pre>TypeError: db password=hunter2 at 10.1.2.3:443</pre>', 500);
    stub.stats = hang;
    await using portal = await startPortalUnderTest(stub.url, PATIENT);
    const { body, headers } = await portal.getAsAda(PAGE, { 'x-request-id': 'mine' });
    expect(body.leaderboard).to.deep.equal(flagged([], 'bad_status'));
    expect(body.player_stats).to.deep.equal(flagged({}, 'timeout'));
    const whole = ['degraded', 'game', 'leaderboard', 'player_stats', 'request_id'];
    expect(Object.keys(body).sort()).to.deep.equal(whole);
    expect(body.request_id).to.equal('mine');
    expect(JSON.stringify([headers, body])).to.not.match(/hunter2|10\.1\.2\.3|TypeError|127\./);
  });

  it('V21: while calls hang for ever the list of games, tokens and health are answered', async () => {
    await using stub = await startStub();
    const patient = { ATTEMPT_TIMEOUT: '1h', PAGE_DEADLINE: '1h' };
    const portal = await startPortalUnderTest(stub.url, patient);
    const healthy = await apartFromStats(portal);
    stub.board = hang;
    stub.stats = hang;
    let answered = 0;
    const pages = Array.from({ length: 50 }, () =>
      portal.getAsAda(PAGE).then(
        () => (answered += 1),
        () => undefined,
      ),
    );
    expect(await apartFromStats(portal)).to.deep.equal(healthy);
    expect(answered).to.equal(0);
    await portal[Symbol.asyncDispose]();
    await Promise.all(pages);
  });
});

/** A portal before a proxy before a stats service; the fault acts once all has been seen in health. */
async function underFault(
  tls: boolean,
  inject: unknown,
  test: (portal: PortalUnderTest, healthy: Settled) => Promise<void>,
): Promise<void> {
  await using stub = await startStub();
  await using proxy = createProxy({ seed: JSON.stringify(inject) });
  const { url, ca } = await proxy.open({ name: 'stats', target: stub.url, tls });
  using files = folder();
  if (ca !== undefined) writeFileSync(files.file('ca.pem'), ca);
  const env = { ...PATIENT, ...(ca !== undefined && { STATS_TRACKER_CA: files.file('ca.pem') }) };
  await using portal = await startPortalUnderTest(url, env);
  const healthy = await apartFromStats(portal);
  // A connection that stands goes on with what was agreed on it: only new ones see a certificate.
  if (!tls) for (const page of await pagesOf(portal)) expect(page.degraded).to.equal(false);
  await proxy.control.add([{ on: 'stats', inject }]);
  await test(portal, healthy);
}

interface Page {
  readonly path: string;
  readonly status: number;
  readonly parts: readonly { data: unknown; error: boolean; reason?: string }[];
  readonly degraded: boolean;
  readonly cacheControl: string | undefined;
}

/** All that asks the stats service, at once. */
function pagesOf(portal: PortalUnderTest): Promise<readonly Page[]> {
  return Promise.all([
    ...[PAGE, PAGE].map(async (path) => {
      const { status, body, headers } = await portal.getAsAda(path);
      const parts = [body?.leaderboard, body?.player_stats];
      const { 'cache-control': cacheControl } = headers;
      return { path, status, parts, degraded: Boolean(body?.degraded), cacheControl };
    }),
    ...['leaderboard', 'stats'].map(async (call) => {
      const path = `/games/v1/${call}/exrps/`;
      const { status, body, headers } = await portal.getAsAda(path);
      const reason = /;reason=(\w+)$/.exec(String(headers['degraded'] ?? ''))?.[1];
      const error = headers['degraded'] !== undefined;
      const parts = [{ data: body, error, ...(reason !== undefined && { reason }) }];
      return { path, status, parts, degraded: error, cacheControl: headers['cache-control'] };
    }),
  ]);
}

function expectLegal(page: Page, inject: string): void {
  const { status, parts, degraded, cacheControl } = page;
  const path = `${page.path} under ${inject}`;
  expect(status, path).to.equal(200);
  expect(degraded, path).to.equal(parts.some(({ error }) => error));
  for (const { data, error, reason } of parts) {
    expect(typeof data === 'object' && data !== null, path).to.equal(true);
    expect(reason !== undefined, path).to.equal(error);
    if (error) {
      expect(reason).to.match(
        /^(timeout|unreachable|bad_status|invalid_response|circuit_open|rate_limited)$/,
      );
      expect(Object.keys(data as object), path).to.deep.equal([]);
    }
  }
  if (degraded) expect(cacheControl, path).to.equal('no-store');
}

const PATIENT = { ATTEMPT_TIMEOUT: '600ms', PAGE_DEADLINE: '3s' };
