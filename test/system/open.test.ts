import { expect } from 'chai';
import { createLog } from '../../src/system/log.ts';
import { openSystem } from '../../src/system/open.ts';
import type { SystemSpec, UpstreamSpec } from '../../src/system/spec.ts';
import { until } from './wait.ts';

const NEVER = new AbortController().signal;
const STATS: UpstreamSpec = {
  protocol: 'http',
  target: { builtin: 'stats' },
  tls: false,
  ownHost: false,
  calls: { leaderboard: 'GET /leaderboards/top_ten/:product' },
};
const PORTAL: SystemSpec = {
  system: 'portal',
  directory: '.',
  identities: {},
  secrets: [],
  service: {
    start: { builtin: 'portal', flags: [] },
    cwd: undefined,
    env: { STATS_TRACKER_URL: '${upstream.stats.url}' },
    ready: { get: '/health', within: 1000 },
    stateless: false,
  },
  upstreams: {
    stats: STATS,
  },
};

const ask = async (url: string) => {
  const response = await fetch(`${url}/games/v2/games/exrps`, { headers: { connection: 'close' } });
  return ((await response.json()) as { leaderboard: { error: boolean } }).leaderboard.error;
};

describe('a built-in system', () => {
  it('has instances of their own, on which only their run’s rules act', async () => {
    await using system = await openSystem(PORTAL, 'seed');
    await using one = await system.start('one', NEVER);
    await using two = await system.start('two', NEVER);
    await system.control.add([{ on: 'stats.leaderboard', inject: { status: 503 } }], 'one');
    expect(await ask(one.url)).to.equal(true);
    expect(await ask(two.url)).to.equal(false);
    expect(one.log.lines.join()).to.contain('leaderboard');
    const { entries } = await system.control.journal({ run: 'one' });
    expect(entries.map(({ call }) => call)).to.include('leaderboard');
  });

  it('listens no more when its instance is disposed', async () => {
    await using system = await openSystem(PORTAL, 'seed');
    const instance = await system.start('one', NEVER);
    await instance[Symbol.asyncDispose]();
    for (const url of [instance.url, instance.values['upstream.stats.url'] ?? '']) {
      const failed = await fetch(url).then(
        () => false,
        () => true,
      );
      expect(failed).to.equal(true);
    }
  });

  const MOCK: UpstreamSpec = {
    ...STATS,
    target: { mock: { mock: 'm', routes: { 'GET /': { status: 200, headers: {}, body: '' } } } },
  };
  const servers = () =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;

  it('ends all that it can where an instance does not end, and says why that does not', async () => {
    const before = servers();
    const spec = { ...PORTAL, upstreams: { ...PORTAL.upstreams, mock: MOCK } };
    const system = await openSystem(spec, 'seed');
    const instance = await system.start('one', NEVER);
    const end = instance[Symbol.asyncDispose];
    instance[Symbol.asyncDispose] = () => Promise.reject(new Error('it does not end'));
    const ending = system[Symbol.asyncDispose]().then(undefined, (error: Error) => error.message);
    expect(await ending).to.equal('it does not end');
    // Its own is still there.
    await until(() => servers() - before === 1);
    await end();
    await until(() => servers() === before);
  });

  it('leaves no target open where another one does not start', async () => {
    const before = servers();
    const routes = { 'GET no-path': { status: 200, headers: {}, body: '' } };
    const bad: UpstreamSpec = { ...STATS, target: { mock: { mock: 'bad', routes } } };
    const opening = openSystem({ ...PORTAL, upstreams: { mock: MOCK, bad } }, 'seed');
    expect(await opening.catch((error: Error) => error)).to.be.an('error');
    await until(() => servers() === before);
  });

  const unknown: Record<string, [Partial<SystemSpec>, string]> = {
    service: [
      { service: { ...PORTAL.service, start: { builtin: 'portl', flags: [] } } },
      'there is no built-in service "portl", did you mean "portal"?',
    ],
    flag: [
      { service: { ...PORTAL.service, start: { builtin: 'portal', flags: ['--unprotectd'] } } },
      'the built-in portal has no flag --unprotectd, did you mean "--unprotected"?',
    ],
    upstream: [
      {
        upstreams: {
          ...PORTAL.upstreams,
          stat: { ...STATS, target: { builtin: 'stat' } },
        },
      },
      'there is no built-in upstream "stat" (there is: stats)',
    ],
  };
  for (const [what, [changed, message]] of Object.entries(unknown)) {
    it(`says so when there is no such ${what}, and leaves nothing open`, async () => {
      const failing = async () => {
        await using system = await openSystem({ ...PORTAL, ...changed }, 'seed');
        await system.start('one', NEVER);
      };
      expect(await failing().catch((error: Error) => error.message)).to.equal(message);
    });
  }
});

describe('a log', () => {
  it('keeps the last lines, the unfinished one too', () => {
    const log = createLog();
    for (let i = 0; i < 300; i++) log.write(`${i}\n`);
    expect(log.lines).to.have.length(200);
    log.write('no new');
    log.write(' line');
    expect(log.lines.slice(-2)).to.deep.equal(['299', 'no new line']);
    log.write('\n');
    expect(log.lines.at(-1)).to.equal('no new line');
  });

  it('does not keep a line without an end', () => {
    const log = createLog();
    for (let i = 0; i < 100; i++) log.write('x'.repeat(1000));
    expect(log.lines.join('').length).to.equal(10_000);
  });
});
