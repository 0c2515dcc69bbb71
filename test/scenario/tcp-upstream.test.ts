import { expect } from 'chai';
import { createServer } from 'node:net';
import { listen } from '../../src/common/server.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { openSystem } from '../../src/system/open.ts';
import { inFolder } from './run-files.ts';

/** Answers /data by what the database echoes, on one connection that it keeps, and anything else at once. */
const PROGRAM = `
const [http, net] = [require('node:http'), require('node:net')];
const [host, port] = process.env.DATABASE.split(':');
let kept;
const ask = () => new Promise((resolve, reject) => {
  kept = kept && !kept.destroyed ? kept : net.connect(Number(port), host);
  kept.removeAllListeners();
  kept.once('data', resolve).once('error', reject).once('close', reject).write('?');
});
http.createServer((request, response) => {
  const end = (status) => response.writeHead(status).end('{}');
  if (request.url === '/data') ask().then(() => end(200), () => end(503));
  else end(200);
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

describe('a scenario about an upstream of tcp', () => {
  const judge = async (steps: readonly object[]) => {
    const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await using database = await listen(echo);
    const files = {
      'main.cjs': PROGRAM,
      'system.yaml': {
        system: 'data',
        service: {
          command: [process.execPath, 'main.cjs', '${port}'],
          env: { DATABASE: '${upstream.database.address}' },
        },
        upstreams: { database: { protocol: 'tcp', target: '${env.TEST_DATABASE}' } },
      },
      'scenario.yaml': { scenario: 'It goes', id: 'gone', use: ['./system.yaml'], steps },
    };
    const env = { TEST_DATABASE: `127.0.0.1:${database.port}` };
    const { cells } = await inFolder(files, (folder) =>
      runSuite({
        suite: loadSuite([folder], { env }),
        seed: 'seed',
        openSystem: (spec) => openSystem(spec, 'seed'),
        on: () => undefined,
        signal: new AbortController().signal,
        startedAt: new Date(0),
      }),
    );
    return cells.map(({ verdict, reason }) => reason ?? verdict);
  };

  const answers = (path: string, status: number) => ({ get: path, expect: { status } });

  it('breaks a request that needs it, on the connection that stands, and gives it back', async () => {
    const judged = await judge([
      answers('/data', 200),
      answers('/data', 200),
      { stop: 'database' },
      answers('/data', 503),
      { start: 'database' },
      answers('/data', 200),
    ]);
    expect(judged).to.deep.equal(['passed']);
  });

  it('nothing is known of a request that does not need it: a closed port proves nothing', async () => {
    const judged = await judge([
      answers('/data', 200),
      answers('/other', 200),
      { stop: 'database' },
      answers('/other', 200),
    ]);
    expect(judged[0]).to.match(/^never fired: refuse on database \(no request was sent under it/);
  });
});
