import { expect } from 'chai';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { listen } from '../../src/common/server.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { openSystem } from '../../src/system/open.ts';
import type { SystemSpec, UpstreamSpec } from '../../src/system/spec.ts';
import { root } from '../helpers/root.ts';
import { BASICS, CONTRACT, inFolder, SCENARIO, SYSTEM } from '../scenario/run-files.ts';
import { startUpstream } from '../scenario/service.ts';

const NEVER = new AbortController().signal;
const STATS: UpstreamSpec = {
  protocol: 'http',
  target: { builtin: 'stats' },
  tls: true,
  ownHost: false,
  calls: { leaderboard: 'GET /leaderboards/top_ten/:product' },
};
/** The portal as a program of its own: only as it starts can it be told whom to trust. */
const PORTAL: SystemSpec = {
  system: 'portal',
  directory: fileURLToPath(root),
  identities: {},
  secrets: [],
  service: {
    start: { command: [process.execPath, 'bin/brownout.js', 'portal', '--port', '${port}'] },
    cwd: undefined,
    env: {
      STATS_TRACKER_URL: '${upstream.stats.url}',
      NODE_EXTRA_CA_CERTS: '${upstream.stats.ca}',
      LOG_LEVEL: 'silent',
    },
    ready: { get: '/health', within: 20_000 },
    stateless: false,
  },
  upstreams: { stats: STATS },
};

describe('a system with an upstream that is reached by TLS', () => {
  const leaderboard = async (url: string) => {
    const headers = { connection: 'close' };
    const response = await fetch(`${url}/games/v2/games/exrps`, { headers });
    return ((await response.json()) as { leaderboard: { error: boolean } }).leaderboard;
  };

  it('is trusted by the service it started, until a fault shows it a wrong certificate', async () => {
    await using system = await openSystem(PORTAL, 'seed');
    await using trusting = await system.start('trusting', NEVER);
    await using deceived = await system.start('deceived', NEVER);
    await system.control.add([{ on: 'stats', inject: { tls: 'expired' } }], 'deceived');
    expect(trusting.values['upstream.stats.url']).to.match(/^https:/);
    expect((await leaderboard(trusting.url)).error).to.equal(false);
    expect((await leaderboard(deceived.url)).error).to.equal(true);
    const { entries } = await system.control.journal({ run: 'deceived' });
    expect(entries.flatMap(({ injected }) => injected).map(({ fault }) => fault)).to.include('tls');
  });

  it('tells where the certificate of its authority is, as long as it is open', async () => {
    const system = await openSystem({ ...PORTAL, service: NO_SERVICE }, 'seed');
    const one = await system.start('one', NEVER);
    const two = await system.start('two', NEVER);
    const file = one.values['upstream.stats.ca'] ?? '';
    expect(two.values['upstream.stats.ca']).to.equal(file);
    expect(new X509Certificate(readFileSync(file)).ca).to.equal(true);
    await one[Symbol.asyncDispose]();
    expect(existsSync(file)).to.equal(true);
    await system[Symbol.asyncDispose]();
    expect(existsSync(file)).to.equal(false);
  });

  it('tells nothing of a certificate where there is no TLS', async () => {
    const upstreams = { stats: { ...STATS, tls: false } };
    await using system = await openSystem({ ...PORTAL, service: NO_SERVICE, upstreams }, 'seed');
    await using one = await system.start('one', NEVER);
    expect(one.values).to.have.all.keys('upstream.stats.url', 'upstream.stats.address', 'secret');
  });
});

/** A page over the upstream at STATS, and a database at DB that answers PING with PONG. Every call is a new connection. */
const PROGRAM = `
const http = require('node:http');
const net = require('node:net');
const get = (path) => fetch(process.env.STATS + path, { headers: { connection: 'close' } })
  .then((response) => response.json());
const ping = () => new Promise((resolve, reject) => {
  const [host, port] = process.env.DB.split(':');
  const socket = net.connect(Number(port), host, () => socket.write('PING\\n'));
  socket.on('data', (bytes) => { resolve(String(bytes)); socket.destroy(); });
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('closed')));
});
const part = (work, empty) => work.then(
  (data) => ({ data, error: false }),
  () => ({ data: empty, error: true }),
);
http.createServer(async (request, response) => {
  const [board, player, db] = await Promise.all([
    part(get('/board'), []), part(get('/player'), {}), ping().catch((error) => error.code ?? error.message),
  ]);
  response.end(JSON.stringify({ board, player, db, degraded: board.error || player.error }));
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

describe('scenarios of a system with TLS and tcp', () => {
  const runWith = async (scenario: object) => {
    await using upstream = await startUpstream();
    const server = createServer((socket) => socket.on('data', () => socket.end('PONG\n')));
    await using db = await listen(server);
    const files = {
      'main.cjs': PROGRAM,
      'system.yaml': {
        ...SYSTEM,
        service: {
          command: [process.execPath, 'main.cjs', '${port}'],
          env: {
            STATS: '${upstream.stats.url}',
            NODE_EXTRA_CA_CERTS: '${upstream.stats.ca}',
            DB: '${upstream.db.address}',
          },
        },
        upstreams: {
          stats: { ...SYSTEM.upstreams.stats, target: upstream.url, tls: true },
          db: { protocol: 'tcp', target: `127.0.0.1:${db.port}` },
        },
      },
      'contract.yaml': { ...CONTRACT, budget: { baseline: '5s', degraded: '5s' } },
      'scenario.yaml': { ...SCENARIO, ...scenario },
    };
    const { cells } = await inFolder(files, (folder) =>
      runSuite({
        ...BASICS,
        suite: loadSuite([folder]),
        openSystem: (spec) => openSystem(spec, 'seed'),
      }),
    );
    return cells.map(({ verdict, reason, failures }) => ({ verdict, reason, failures }));
  };
  const passed = { verdict: 'passed', reason: null, failures: [] };

  it('pass when the service degrades under a certificate that no client takes', async () => {
    const faults = [{ on: 'stats', inject: { tls: '${kind}' } }];
    const matrix = { kind: ['expired', 'handshake'] };
    expect(await runWith({ faults, matrix })).to.deep.equal([passed, passed]);
  });

  it('pass when the service survives its database', async () => {
    const page = (db: string) => ({
      get: '/page',
      expect: { status: 200, body: { '/db': db, '/board/error': false } },
    });
    const steps = [page('ECONNRESET'), { clear: 'all' }, page('PONG\n')];
    const use = ['./system.yaml'];
    expect(await runWith({ faults: [{ on: 'db', inject: 'reset' }], use, steps })).to.deep.equal([
      passed,
    ]);
  });

  it('fail when it does not', async () => {
    const steps = [{ get: '/page', expect: { body: { '/db': 'PONG\n' } } }];
    const use = ['./system.yaml'];
    const [cell] = await runWith({ faults: [{ on: 'db', inject: 'close' }], use, steps });
    expect(cell?.verdict).to.equal('failed');
    expect(cell?.failures).to.have.length(1);
  });
});

const NO_SERVICE: SystemSpec['service'] = {
  start: { builtin: 'portal', flags: [] },
  cwd: undefined,
  env: {},
  ready: { get: '/health', within: 1000 },
  stateless: false,
};
