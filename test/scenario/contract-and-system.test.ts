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
      'expected a JSON pointer such as /leaderboard/data',
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
      expect((await messages({ service }))[0]).to.match(/^say either start: builtin portal, or/);
  });

  it('knows the variables of its env and its command', async () => {
    const service = { command: ['x', '${por}'], env: { A: '${upstream.stat.url}', B: '${port}' } };
    expect(await messages({ service })).to.deep.equal([
      'unknown ${por}, did you mean "port"?',
      'unknown ${upstream.stat.url}, did you mean "upstream.stats.url"?',
    ]);
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
      'expected a path such as /health',
      'unknown key "whithin", did you mean "within"?',
      'expected string, got 1',
      'expected "builtin stats" or the address of the real thing, such as http://127.0.0.1:5000',
      'unknown key "cals", did you mean "calls"?',
      'expected a method and a path such as "GET /stats/:id", got "get /"',
      'expected a path such as /health',
      'expected a JSON pointer such as /leaderboard/data',
      'unknown key "isolaton", did you mean "isolation"?',
    ]);
  });
});
