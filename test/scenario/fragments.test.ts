import { expect } from 'chai';
import { gotOf } from './judged.ts';
import { load, problemsOf, run, type FileSet } from './run-files.ts';
import { files } from './scenario-text.ts';
import { rightService, type Behaviour } from './service.ts';

/** Signs in by POST /login, and knows who has a token. */
const withLogin: Behaviour = async (visit) => {
  const { method, path, headers, body } = visit;
  if (path === '/page') return rightService(visit);
  if (method === 'POST') return { body: { token: `t-${(JSON.parse(body) as Login).user}` } };
  return { body: { of: headers['x-token'] } };
};
interface Login {
  readonly user: string;
}

const LOGIN = {
  fragment: 'login',
  steps: [{ post: '/login', json: { user: '${user}' }, capture: { token: '/token' } }],
};
const faults = [{ on: 'stats.board', inject: { status: 503 } }];
const me = (of: string) => ({
  get: '/me',
  headers: { 'X-Token': '${token}' },
  expect: { body: { '/of': of } },
});

/** A scenario that goes on with these lines, from line 4 on; its fragments lie beside it. */
const wrong = (lines: string, more: FileSet = {}, use = '') =>
  problemsOf(
    files(`scenario: One\nid: one\nuse: [./system.yaml, ./contract.yaml${use}]\n${lines}`, more),
  );

describe('a fragment', () => {
  it('is called by its file with values of its own, and what it captures is known after it', async () => {
    const { cell } = await run({
      service: withLogin,
      files: { 'parts/login.yaml': LOGIN },
      scenario: {
        matrix: { user: ['ada', 'bob'] },
        faults,
        steps: [
          { use: './parts/login.yaml', with: { user: '${user}' } },
          me('t-${user}'),
          { send: 'page' },
        ],
      },
    });
    expect(gotOf(cell)).to.deep.equal([]);
    expect(cell).to.include({ verdict: 'passed', id: 'lost-board[ada]' });
  });

  it('is called by its name where the scenario’s use lists it, in setup and teardown too, and in fragments', async () => {
    const asked: string[] = [];
    const { cell } = await run({
      async service(visit) {
        asked.push(`${visit.method} ${visit.path}`);
        return withLogin(visit);
      },
      files: {
        'login.yaml': LOGIN,
        'both.yaml': {
          fragment: 'both',
          steps: [{ use: './login.yaml', with: { user: 'eve' } }, { get: '/${of}' }],
        },
      },
      scenario: {
        use: ['./system.yaml', './contract.yaml', './both.yaml'],
        faults,
        setup: [{ use: 'both', with: { of: 'a' } }],
        steps: [me('t-eve'), { send: 'page' }],
        teardown: [{ use: 'both', with: { of: 'z' } }],
      },
    });
    expect(gotOf(cell)).to.deep.equal([]);
    const own = asked.filter((one) => !one.endsWith('/page'));
    expect(own).to.deep.equal(['POST /login', 'GET /a', 'GET /me', 'POST /login', 'GET /z']);
  });

  it('keeps the type of a value that stands alone', async () => {
    const { cells } = await load(
      files(
        'scenario: One\nid: one\nuse: [./system.yaml, ./contract.yaml]\nfaults: [{ on: stats.board, inject: reset }]\nsteps: [{ use: ./f.yaml, with: { n: 3 } }]\n',
        { 'f.yaml': { fragment: 'f', steps: [{ send: 'page', repeat: '${n}' }] } },
      ),
    );
    expect(cells[0]?.steps[0]?.sends?.repeat).to.equal(3);
  });

  it('shows its own file where it does not hold', async () => {
    const { cell } = await run({
      service: withLogin,
      files: {
        'parts/me.yaml': 'fragment: me\nsteps:\n  - get: /me\n    expect:\n      status: 201\n',
      },
      scenario: { faults, steps: [{ wait: '1ms' }, { use: './parts/me.yaml' }, { send: 'page' }] },
    });
    expect(cell.verdict).to.equal('failed');
    expect(gotOf(cell)).to.deep.equal([{ pointer: 'status', expected: 201, got: 200 }]);
    expect(cell.failures[0]?.at).to.match(/parts\/me\.yaml:5:7$/);
  });

  it('shows its mistakes in its own file, or where a value was given', async () => {
    const text = 'fragment: f\nsteps:\n  - get: ${path}\n    repeat: 0\n  - sned: page\n';
    const found = await wrong(
      'steps:\n  - use: ./f.yaml\n    with: { path: health }\n  - send: page\n',
      { 'f.yaml': text },
    );
    expect(found).to.deep.equal([
      'f.yaml:4:13: expected at least 1, got 0',
      'f.yaml:5:5: not a step, did you mean "send"?',
      's.yaml:6:19: expected a path such as /health, got "health", did you mean "/health"?',
    ]);
    expect(
      await wrong('steps: [{ use: ./f.yaml, with: { path: /a } }]', { 'f.yaml': text }),
    ).to.have.length(2);
    const [missing] = await wrong('steps: [{ use: ./f.yaml }]', {
      'f.yaml': 'fragment: f\nsteps:\n  - get: ${path}\n',
    });
    expect(missing).to.equal('f.yaml:3:10: unknown ${path}');
  });

  it('points into the matrix where a value came from there', async () => {
    const f = { fragment: 'f', steps: [{ stop: '${what}' }] };
    const found = await wrong(
      'matrix: { down: [stats, stat] }\nsteps: [{ use: ./f.yaml, with: { what: "${down}" } }, { send: page }]',
      { 'f.yaml': f },
    );
    expect(found).to.deep.equal(['s.yaml:4:25: unknown upstream "stat", did you mean "stats"?']);
  });

  const mistakes: Record<string, [string, string]> = {
    'a file that is not there': ['{ use: ./nothing.yaml }', '12: no such file: '],
    'a file of another kind': [
      '{ use: ./contract.yaml }',
      '!contract.yaml:1:1: expected a fragment, this is a contract',
    ],
    'a fragment that is a system': [
      '{ use: ./system.yaml }',
      '!system.yaml:1:1: expected a fragment',
    ],
    'an unknown name': ['{ use: logn }', '12: unknown fragment "logn", did you mean "login"?'],
    'a misspelt key': ['{ use: login, wiht: {} }', '19: unknown key "wiht", did you mean "with"?'],
    'a value that stands nowhere': ['{ use: login, with: { usr: x } }', '27: no ${usr} stands in '],
  };
  for (const [what, [step, problem]] of Object.entries(mistakes)) {
    it(`${what} is an error where it stands`, async () => {
      const lines = `steps:\n  - ${step}\n`;
      const [first = '', ...others] = await wrong(lines, { 'login.yaml': LOGIN }, ', ./login.yaml');
      expect(others).to.deep.equal([]);
      const whole = problem.startsWith('!') ? problem.slice(1) : `s.yaml:5:${problem}`;
      expect(first.slice(0, whole.length)).to.equal(whole);
    });
  }

  it('says how to name it where no fragment is known', async () => {
    expect(await wrong('steps: [{ use: login }]')).to.deep.equal([
      's.yaml:4:16: unknown fragment "login": name its file here, such as ./login.yaml, or in the scenario’s use',
    ]);
  });

  it('is not named by the matrix, where a step may be', async () => {
    expect(
      await wrong('matrix: { verb: [use] }\nsteps: [{ "${verb}": login }, { usee: x }]'),
    ).to.deep.equal([
      's.yaml:5:9: a fragment is named in the file itself, not by the matrix',
      's.yaml:5:31: not a step, did you mean "use"?',
    ]);
  });

  it('cannot use itself, however far around', async () => {
    const step = (use: string) => `steps:\n  - use: ./${use}.yaml\n`;
    const [first, ...others] = await wrong(step('a'), {
      'a.yaml': `fragment: a\n${step('b')}`,
      'b.yaml': `fragment: b\n${step('a')}`,
    });
    expect(others).to.deep.equal([]);
    expect(first).to.match(
      /^b\.yaml:3:10: fragments use each other without an end: \S+s\.yaml → \S+a\.yaml → \S+b\.yaml → \S+a\.yaml$/,
    );
  });

  it('cannot grow without bounds', async () => {
    const uses = (name: string) => Array.from({ length: 11 }, () => ({ use: `./${name}.yaml` }));
    const [many] = await wrong('steps: [{ use: ./a.yaml }]', {
      'a.yaml': { fragment: 'a', steps: uses('b') },
      'b.yaml': { fragment: 'b', steps: uses('c') },
      'c.yaml': { fragment: 'c', steps: Array.from({ length: 11 }, () => ({ wait: '1s' })) },
    });
    expect(many).to.match(/^c\.yaml:\d+:5: more than 1000 steps, with those of its fragments$/);
    const chain = Array.from({ length: 30 }, (_, i) => [
      `f${i}.yaml`,
      { fragment: `f${i}`, steps: [{ use: `./f${i + 1}.yaml` }] },
    ]);
    const [deep] = await wrong('steps: [{ use: ./f0.yaml }]', Object.fromEntries(chain));
    expect(deep).to.match(/^f18\.yaml:3:10: fragments in fragments, more than 20 deep$/);
  });

  it('is checked for its form where nothing uses it, and is named once', async () => {
    expect(await problemsOf({ 'a.yaml': 'fragment: a\nsteps: []\nx: 1' })).to.have.length(2);
    const steps = [
      { get: '${path}', repaet: 1 },
      { use: './b.yaml' },
      { get: '/x', repaet: 1, expect: { body: { '': { schema: { type: 'array' } } } } },
      { wiat: '1s' },
    ];
    expect(await problemsOf({ 'a.yaml': { fragment: 'a', steps } })).to.deep.equal([
      'a.yaml:7:5: unknown key "repaet", did you mean "repeat"?',
      'a.yaml:13:5: not a step, did you mean "wait"?',
    ]);
    const twice = await wrong(
      'steps: []',
      { 'a.yaml': LOGIN, 'b.yaml': LOGIN },
      ', ./a.yaml, ./b.yaml',
    );
    expect(twice[0]).to.match(/^s\.yaml:3:49: the fragment "login" is \S+a\.yaml already$/);
  });
});
