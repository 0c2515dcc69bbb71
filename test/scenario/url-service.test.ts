import { expect } from 'chai';
import { createServer } from 'node:net';
import { listen } from '../../src/common/server.ts';
import { createProxy } from '../../src/proxy/proxy.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { openSystem } from '../../src/system/open.ts';
import { givePort } from '../../src/system/port.ts';
import { brownout } from '../helpers/cli.ts';
import { BASICS, BROKEN_BOARD, inFolder, problemsOf, SCENARIO, SYSTEM } from './run-files.ts';
import { runUrl } from './run-url.ts';
import {
  passingOn,
  rightPage,
  rightService,
  startService,
  startUpstream,
  type Behaviour,
} from './service.ts';

const STATS = { ...SYSTEM.upstreams.stats, listen: '127.0.0.1:5001' };
const RUNNING = { service: { url: 'http://127.0.0.1:8000' }, upstreams: { stats: STATS } };
const LOST = { faults: BROKEN_BOARD.faults };

describe('a service that runs already', () => {
  it('is asked below the path of its URL, and outlives the run', async () => {
    let asked = 0;
    const below: Behaviour = async (visit) => {
      if (!visit.path.startsWith('/shop/')) return { status: 404, body: 'elsewhere' };
      asked++;
      return passingOn(rightService)(visit);
    };
    const result = await runUrl(below, {
      prefix: '/shop/',
      service: { stateless: true },
      scenario: BROKEN_BOARD,
    });
    expect(result.cells[0]).to.include({ verdict: 'passed', isolation: 'baggage' });
    expect(asked).to.be.above(5);
  });

  it('is told of when it ends under a fault', async () => {
    const result = await runUrl(
      async (visit) => {
        const page = await rightPage(visit);
        if (page.board.error === true) await visit.die();
        return { body: page };
      },
      {
        files: {
          'scenario.yaml': {
            ...SCENARIO,
            ...LOST,
            use: ['./system.yaml'],
            matrix: { n: [1, 2] },
            tags: ['n${n}'],
            recovery: { within: '1ms' },
            steps: [
              { get: '/page', expect: { status: 200 } },
              { get: '/page', expect: { status: 200 } },
            ],
          },
        },
      },
    );
    const [first, second] = result.cells;
    expect(first?.reason).to.match(
      /expected 200, got "(nothing listens at http:\S+ \(ECONNREFUSED\): the service has ended|the connection failed)/,
    );
    expect(second).to.include({ verdict: 'broken', isolation: 'exclusive' });
    expect(second?.reason).to.match(
      /^the service is not well since "lost-board\[1\]".*nothing listens at/,
    );
  });

  it('is waited for, and missed by its address', async () => {
    const files = {
      'system.yaml': {
        ...SYSTEM,
        service: { url: 'http://127.0.0.1:9', ready: { get: '/health', within: '100ms' } },
        upstreams: { stats: { ...STATS, listen: '127.0.0.1:19321' } },
      },
      'scenario.yaml': { ...SCENARIO, ...LOST, use: ['./system.yaml'], steps: STEPS },
    };
    const result = await inFolder(files, (folder) => runSuite({ ...BASICS, ...loaded(folder) }));
    expect(result).to.include({ verdict: 'broken', exit: 4 });
    expect(result.cells[0]?.reason).to.equal(
      'the service is not there: http://127.0.0.1:9/health did not answer 2xx within 100ms (the last time: ECONNREFUSED)\nStart it, or say where it is under service.url, and under service.ready what it answers 2xx to.',
    );
  });

  it('has its upstreams where it was told; a port that is taken is said by the upstream’s name', async () => {
    await using taken = await listen(createServer());
    const files = {
      'system.yaml': {
        system: 'game',
        ...RUNNING,
        upstreams: { stats: { ...STATS, listen: taken.port } },
      },
      'scenario.yaml': { ...SCENARIO, ...LOST, use: ['./system.yaml'], steps: STEPS },
    };
    const { code, stderr } = await inFolder(files, (folder) => brownout(['run', folder]));
    expect(stderr).to.contain(
      `the upstream "stats" cannot be reached at 127.0.0.1:${taken.port}: another program has it (end that program, or say another under upstreams.stats.listen and tell the service)`,
    );
    expect(code).to.equal(7);
  });

  it('may be reached by https, where it is known who vouches for it', async () => {
    await using upstream = await startUpstream();
    const given = await givePort();
    const stats = `127.0.0.1:${given.port}`;
    await using service = await startService(rightService, `http://${stats}`, 1);
    await using front = createProxy();
    const secured = await front.open({ name: 'front', target: service.url, tls: true });
    const files = {
      'ca.pem': secured.ca,
      'system.yaml': {
        ...SYSTEM,
        service: { url: secured.url, ready: { get: '/page', within: '1s' } },
        upstreams: { stats: { ...STATS, target: upstream.url, listen: stats } },
      },
      'scenario.yaml': { ...SCENARIO, ...LOST, use: ['./system.yaml'], steps: STEPS },
    };
    await inFolder(files, async (folder) => {
      const env = { NODE_EXTRA_CA_CERTS: `${folder}/ca.pem` };
      const trusting = await brownout(['run', folder], { env });
      expect(trusting.code, trusting.stdout).to.equal(0);
      const [cell] = (await runSuite({ ...BASICS, ...loaded(folder) })).cells;
      expect(cell?.reason).to.match(
        /UNABLE_TO_VERIFY.*\nName who vouches for its certificate .*NODE_EXTRA_CA_CERTS/,
      );
    });
    given.giveBack();
  });
});

describe('a system file of a service that runs already', () => {
  const problems = async (changed: object) =>
    (await problemsOf({ 'system.yaml': { system: 'game', ...RUNNING, ...changed } })).map((one) =>
      one.replace(/^system.yaml:/, ''),
    );

  const wrong: Record<string, [object, string | RegExp]> = {
    'an upstream that nobody could find': [
      { upstreams: SYSTEM.upstreams },
      /^5:3: the service at url runs already .* say that here, as listen: 127\.0\.0\.1:5001/,
    ],
    'a port that nobody has been told': [
      { upstreams: { stats: { ...STATS, listen: 0 } } },
      /: expected the port that the service has been told, such as 127\.0\.0\.1:5001$/,
    ],
    'a certificate that it cannot trust': [
      { upstreams: { stats: { ...STATS, tls: true } } },
      /: the certificate is made anew for each run/,
    ],
    'a URL that is none': [
      { service: { url: '127.0.0.1:8000' } },
      '3:8: expected the address where the service runs, such as http://127.0.0.1:8000 or https://staging.example.com/shop',
    ],
    'a URL with a query': [{ service: { url: 'http://x/?a=1' } }, /: expected the address where/],
    'an instance for each cell': [
      { isolation: 'instance' },
      /: the service at url runs already, and once: use exclusive, or leave isolation out$/,
    ],
    'how it is started': [
      { service: { ...RUNNING.service, cwd: 'app', env: { A: '1' } } },
      /: the service at url runs already: say this where it is started$/,
    ],
    'a second way to start': [
      { service: { ...RUNNING.service, command: ['x', '${port}'] } },
      /: say one of start: builtin portal, command: \["program", "argument"\], or url:/,
    ],
    'one address for many instances': [
      {
        service: { command: ['x', '${port}'] },
        upstreams: { stats: STATS },
        isolation: 'instance',
      },
      /listen out, or say isolation: exclusive$/,
    ],
    'a command as one text': [
      { service: { command: 'npm start' } },
      '3:12: expected a list, which no shell takes apart: command: ["npm", "start"]',
    ],
  };
  for (const [what, [changed, message]] of Object.entries(wrong)) {
    it(`is refused ${what}`, async () => {
      const [first = 'nothing'] = await problems(changed);
      if (typeof message === 'string') expect(first).to.equal(message);
      else expect(first).to.match(message);
    });
  }

  it('may name the environment for its URL', async () => {
    expect(await problems({ service: { url: '${env.SHOP_URL}' } })).to.deep.equal([]);
  });

  it('has nothing expected of its log', async () => {
    const scenario = {
      ...SCENARIO,
      ...LOST,
      use: ['./system.yaml'],
      steps: [{ get: '/page', expect: { log: { contains: 'x' } } }],
    };
    const files = { 'system.yaml': { system: 'game', ...RUNNING }, 'scenario.yaml': scenario };
    expect(await problemsOf(files)).to.deep.equal([
      'scenario.yaml:12:7: what a service logs that runs already at a url is not seen: leave log out, or let the run start it by command',
    ]);
  });
});

const STEPS = [{ get: '/page', expect: { status: 200 } }];

function loaded(folder: string) {
  return {
    suite: loadSuite([folder]),
    openSystem: (spec: Parameters<typeof openSystem>[0]) => openSystem(spec, 'seed'),
  };
}
