import { expect } from 'chai';
import { start, type Running } from '../helpers/cli.ts';

interface Page {
  readonly leaderboard: { data: unknown[]; error: boolean; reason?: string };
  readonly player_stats: { data: object; error: boolean };
  readonly degraded: boolean;
}

describe('the portal beside a stats service that comes and goes', () => {
  const running: Running[] = [];

  afterEach(async () => {
    for (const { child } of running) child.kill('SIGINT');
    await Promise.all(running.splice(0).map(({ finished }) => finished));
  });

  it('stands while it is gone, and drops its flags without a restart when it is back', async () => {
    const mock = await open(['mock', '--port', '0'], /mock stats service +(\S+)/);
    const portal = await open(['portal', '--port', '0', '--stats-url', mock.url], /portal +(\S+)/);
    const token = await login(portal.url);
    const page = () => get(`${portal.url}/games/v2/games/exrps`, token);
    const healthy = (await page()).json as Page;
    expect([healthy.degraded, healthy.leaderboard.data.length]).to.deep.equal([false, 3]);
    const site = async () => [
      await get(`${portal.url}/games/v1/games/`),
      await get(`${portal.url}/health`),
    ];
    const before = await site();

    mock.child.kill('SIGKILL');
    await mock.finished;
    const { status, json } = await page();
    expect(status).to.equal(200);
    const { leaderboard, player_stats: stats, degraded } = json as Page;
    expect(leaderboard).to.deep.include({ data: [], error: true, reason: 'unreachable' });
    expect(stats).to.deep.include({ data: {}, error: true });
    expect(degraded).to.equal(true);
    expect(await site()).to.deep.equal(before);

    await open(['mock', '--port', new URL(mock.url).port], /mock stats service +(\S+)/);
    await untilEqual(async () => ((await page()).json as Page).degraded, false);
    expect((await page()).json).to.deep.include({ leaderboard: healthy.leaderboard });
  });

  it('keeps odd ids one segment of the path, seen at the mock', async () => {
    const mock = await open(['mock', '--port', '0', '--control', '0'], /its control routes +(\S+)/);
    const { url } = await open(
      ['portal', '--port', '0', '--stats-url', /service +(\S+)/.exec(mock.text)?.[1] ?? ''],
      /portal +(\S+)/,
    );
    for (const id of ['exrps%23x', '..%2f..', 'exrps%3Fx=1', '%E2%98%83']) {
      expect((await get(`${url}/games/v2/leaderboard/${id}`)).status).to.equal(200);
    }
    const { calls } = (await get(`${mock.url}/calls`)).json as { calls: { path: string }[] };
    expect(calls.map(({ path }) => path.toLowerCase())).to.deep.equal(
      [
        '/leaderboards/top_ten/exrps%23x',
        '/leaderboards/top_ten/..%2f..',
        '/leaderboards/top_ten/..%2f..',
        '/leaderboards/top_ten/exrps%3fx%3d1',
        '/leaderboards/top_ten/%e2%98%83',
      ].filter((path, i, all) => calls.length === all.length || all.indexOf(path) === i),
    );
  });

  it('brings its mock along with --with-mock, as npm start does', async () => {
    const { url } = await open(['portal', '--port', '0', '--with-mock'], /portal +(\S+)/);
    const { json } = await get(`${url}/games/v2/games/exrps`, await login(url));
    expect((json as Page).leaderboard.data).to.have.lengthOf(3);
  });

  async function open(args: readonly string[], address: RegExp) {
    const one = start(args);
    running.push(one);
    const text = await one.says('try:');
    return { ...one, text, url: address.exec(text)?.[1] ?? '' };
  }
});

async function login(url: string): Promise<string> {
  const response = await fetch(`${url}/token/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.test', password: 'ada-plays-fair' }),
  });
  return ((await response.json()) as { access: string }).access;
}

async function get(url: string, token?: string): Promise<{ status: number; json: unknown }> {
  const response = await fetch(
    url,
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );
  return { status: response.status, json: await response.json() };
}

/** Polls; the test's own time limit is what ends a wait in vain. */
async function untilEqual(read: () => Promise<unknown>, wanted: unknown): Promise<void> {
  while ((await read()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 50));
}
