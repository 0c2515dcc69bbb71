import { expect } from 'chai';
import { CONTRACT, problemsOf, SYSTEM } from './run-files.ts';
import { files, WHOLE } from './scenario-text.ts';

describe('a contract file', () => {
  const contract = (changed: object) =>
    problemsOf(files(WHOLE, { 'contract.yaml': { ...CONTRACT, ...changed } }));
  const { board, player } = CONTRACT.calls;

  it('names calls, identities and variables of its system', async () => {
    expect(
      await contract({
        calls: { bord: board },
        request: { get: '/page', as: 'ada' },
        never: ['${upstream.stat.url}', '${secret}'],
      }),
    ).to.deep.equal([
      'contract.yaml:4:7: unknown identity "ada"',
      'contract.yaml:9:3: unknown call "bord", did you mean "board"?',
      'contract.yaml:17:5: unknown ${upstream.stat.url}, did you mean "upstream.stats.url"?',
      'contract.yaml:18:5: unknown ${secret} (there is: upstream.stats.url, upstream.stats.address)',
    ]);
  });

  it('has no part that hides another call’s data', async () => {
    const hidden = 'would not be judged while "board" is broken';
    for (const changed of [
      { ...player, data: '/board/player' },
      { ...player, part: '/board', data: '/board' },
    ]) {
      const problems = await contract({ calls: { board, player: changed } });
      expect(
        problems.some((problem) => problem.includes(hidden)),
        problems.join(),
      ).to.equal(true);
    }
    expect(await contract({ calls: { board: { ...board, part: '' }, player } })).to.have.length(1);
    const beside = { ...player, part: '/boards', data: '/boards/data' };
    expect(await contract({ calls: { board, player: beside } })).to.deep.equal([]);
    expect(await contract({ calls: { board: { ...board, part: '' } } })).to.deep.equal([]);
  });

  it('has a mistake in each of its parts told', async () => {
    const problems = await contract({
      budget: { baseline: 300, degraded: '1s', degrade: '1s' },
      calls: { board: { ...board, flg: '/x', flag: 'x' } },
      overal: { flag: '/x' },
    });
    expect(problems.map((problem) => problem.split(': ').slice(1).join(': '))).to.have.members([
      'expected a duration such as 250ms or 2s, got 300 (a bare number has no unit)',
      'unknown key "degrade", did you mean "degraded"?',
      'unknown key "flg", did you mean "flag"?',
      'expected a JSON pointer such as /leaderboard/data, got "x", did you mean "/x"?',
      'unknown key "overal", did you mean "overall"?',
    ]);
  });
});

describe('a system file', () => {
  const system = (changed: object) =>
    problemsOf({ 'system.yaml': { ...SYSTEM, ...changed } }, ['system.yaml']);
  const messages = async (changed: object) =>
    (await system(changed)).map((problem) => problem.split(': ').slice(1).join(': '));

  it('is started in one way', async () => {
    const both = { start: 'builtin portal', command: ['x', '${port}'] };
    for (const service of [both, {}])
      expect((await messages({ service }))[0]).to.match(
        /^say one of start: builtin portal, command: /,
      );
  });

  it('keeps cells apart in a way that there is, and that its service allows', async () => {
    const service = { ...SYSTEM.service, stateless: true };
    for (const isolation of ['auto', 'instance', 'baggage'])
      expect(await messages({ service, isolation })).to.deep.equal([]);
    expect(await system({ isolation: 'baggage' })).to.deep.equal([
      'system.yaml:11:12: baggage lets all cells share one instance, so the service must keep nothing from one request to the next: say stateless: true under service, or use instance',
    ]);
    expect(await messages({ service, isolation: 'exclusive' })).to.deep.equal([]);
    expect(await messages({ service, isolation: 'bagage' })).to.deep.equal([
      'unknown value "bagage", did you mean "baggage"?',
    ]);
  });

  it('knows the variables of its env and its command', async () => {
    const service = { command: ['x', '${por}'], env: { A: '${upstream.stat.url}', B: '${port}' } };
    expect(await messages({ service })).to.deep.equal([
      'unknown ${por}, did you mean "port"?',
      'unknown ${upstream.stat.url}, did you mean "upstream.stats.url"?',
    ]);
  });

  it('gives the file of a certificate for an upstream that is reached by TLS, and for no other', async () => {
    const { target } = SYSTEM.upstreams.stats;
    const upstreams = { stats: { target }, safe: { target, tls: true } };
    const env = (CA: string) => ({ service: { command: ['${port}'], env: { CA } }, upstreams });
    expect(await system(env('${upstream.safe.ca}'))).to.deep.equal([]);
    expect(await system(env('${upstream.stats.ca}'))).to.deep.equal([
      'system.yaml:6:9: ${upstream.stats.ca} needs tls: true on the upstream',
    ]);
    expect(await messages(env('${upstream.saf.ca}'))).to.deep.equal([
      'unknown ${upstream.saf.ca}, did you mean "upstream.safe.ca"?',
    ]);
  });

  it('has TLS before a built-in service that is told whom to trust, and before no other', async () => {
    const { target } = SYSTEM.upstreams.stats;
    const upstreams = { stats: { target, tls: true } };
    const start = 'builtin portal';
    const env = { STATS_TRACKER_CA: '${upstream.stats.ca}' };
    expect(await system({ service: { start, env }, upstreams })).to.deep.equal([]);
    expect(await system({ upstreams })).to.deep.equal([
      'system.yaml:7:10: a built-in service trusts no certificate of this one: put STATS_TRACKER_CA: ${upstream.stats.ca} into its env',
    ]);
  });

  it('has upstreams of tcp, of which there are addresses and no calls', async () => {
    const db = (upstream: object) =>
      system({ upstreams: { db: { protocol: 'tcp', ...upstream } } });
    for (const target of [
      '127.0.0.1:5432',
      'db.test:1',
      '[::1]:5432',
      'tls://db:1',
      'builtin stats',
    ])
      expect(await db({ target }), target).to.deep.equal([]);
    const expected =
      'with protocol: tcp, expected host:port, or tls://host:port where it speaks TLS';
    expect(await db({ target: 'http://127.0.0.1:5432' })).to.deep.equal([
      `system.yaml:7:13: ${expected}`,
    ]);
    expect(
      await db({ target: '127.0.0.1:1', calls: { x: 'GET /' }, host: 'target' }),
    ).to.deep.equal([
      'system.yaml:8:5: with protocol: tcp there are no calls: rules take the whole upstream',
      'system.yaml:10:11: with protocol: tcp there is no Host to send',
    ]);
    expect(await db({ target: '127.0.0.1' })).to.have.length(1);
    expect(await messages({ upstreams: { db: { target: 'localhost:5432' } } })).to.deep.equal([
      'expected an address such as http://127.0.0.1:5000; host:port is for protocol: tcp',
    ]);
    expect(await messages({ upstreams: { db: { target: 'x', protocol: 'udp' } } })).to.have.members(
      [
        'unknown value "udp" (there is: http, tcp)',
        'expected "builtin stats", a mock such as ./mock.yaml, or the address of the real thing, such as http://127.0.0.1:5000',
      ],
    );
  });

  it('tells its program the port', async () => {
    expect(await messages({ service: { command: ['x'] } })).to.deep.equal([
      'say in command or env where the program is told its port: "${port}"',
    ]);
    expect(await messages({ service: { command: ['x', '-p${port}'] } })).to.deep.equal([]);
    expect(await messages({ service: { command: ['x'], env: { P: '${port}' } } })).to.deep.equal(
      [],
    );
  });

  it('gives no name twice', async () => {
    const upstreams = {
      a: { target: 'http://127.0.0.1:1', calls: { x: 'GET /', b: 'GET /' } },
      b: { target: 'http://127.0.0.1:1', calls: { x: 'GET /' } },
    };
    expect(await messages({ upstreams })).to.deep.equal([
      '"b" names another upstream or call already',
      '"x" names another upstream or call already',
    ]);
  });

  it('has a mistake in each of its parts told', async () => {
    expect(
      await messages({
        service: {
          start: 'builtin portal',
          ready: { get: 'health', whithin: '1s' },
          env: { A: 1 },
        },
        upstreams: { stats: { target: 'stats', cals: {}, calls: { x: 'get /' } } },
        identities: { ada: { post: 'login', json: {}, token: 'x' } },
        isolaton: 'auto',
      }),
    ).to.have.members([
      'expected a path such as /health, got "health", did you mean "/health"?',
      'unknown key "whithin", did you mean "within"?',
      'expected text, got 1: put it in quotes',
      'expected "builtin stats", a mock such as ./mock.yaml, or the address of the real thing, such as http://127.0.0.1:5000',
      'unknown key "cals", did you mean "calls"?',
      'expected a method and a path such as "GET /stats/:id", got "get /"',
      'expected a path such as /health, got "login", did you mean "/login"?',
      'expected a JSON pointer such as /leaderboard/data, got "x", did you mean "/x"?',
      'unknown key "isolaton", did you mean "isolation"?',
    ]);
  });
});
