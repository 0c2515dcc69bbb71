import { expect } from 'chai';
import { createServer } from 'node:http';
import { listen } from '../../src/common/server.ts';
import { createRedactor } from '../../src/scenario/run/redact.ts';
import { brownout } from '../helpers/cli.ts';
import { folder } from '../helpers/folder.ts';

const APP = `import { createServer } from 'node:http';
const { PORT, API_TOKEN } = process.env;
createServer((request, response) => {
  if (request.url === '/login') return response.end(JSON.stringify({ access: 'opaque-4711-token' }));
  response.end(JSON.stringify({ said: 'key ' + API_TOKEN, got: request.headers.authorization ?? null }));
}).listen(Number(PORT), '127.0.0.1');
`;

const SYSTEM = `system: leaky
service: { command: [${JSON.stringify(process.execPath)}, app.mjs], env: { PORT: "\${port}" } }
identities:
  ada: { post: /login, json: { user: ada, password: hunter2-hunter2 }, token: /access }
upstreams: { nothing: { target: "http://127.0.0.1:1" } }
secrets: [API_TOKEN]
`;

const SCENARIO = `scenario: Everything is told
id: leak
use: [./system.yaml]
steps:
  - stop: nothing
  - post: /x?api_key=visible-key
    as: ada
    headers: { x-api-key: another-key }
    json: { password: hunter2-hunter2 }
    expect: { status: 201, body: { /said: nothing, /got: nothing } }
`;

describe('what a run tells', () => {
  it('holds no secret: no token, no password, no value of a variable that is named one', async () => {
    using at = folder({ 'app.mjs': APP, 'system.yaml': SYSTEM, 'scenario.yaml': SCENARIO });
    const args = [
      'run',
      '.',
      '--reporter',
      'list',
      '--reporter',
      'json=r.json',
      '--reporter',
      'junit=r.xml',
    ];
    const { code, stdout } = await brownout(args, {
      cwd: at.path,
      env: { API_TOKEN: 'env-secret-1' },
    });
    expect(code).to.equal(1);
    const all = [stdout, at.read('r.json'), at.read('r.xml')].join('\n');
    expect(all).to.include('[redacted]');
    for (const secret of [
      'env-secret-1',
      'opaque-4711-token',
      'hunter2',
      'visible-key',
      'another-key',
    ]) {
      expect(all, secret).to.not.include(secret);
    }
    expect(stdout).to.include('Bearer $TOKEN').and.to.include('$X_API_KEY');
  });

  it('names the keys of a login that has no token where it should be, not its values', async () => {
    await using service = await listen(createServer((_request, response) => response.end('{}')));
    using at = folder({
      'app.mjs': APP,
      'system.yaml': SYSTEM.replace('token: /access', 'token: /acces').replace(
        'http://127.0.0.1:1',
        service.url,
      ),
      'scenario.yaml': SCENARIO,
    });
    const { code, stdout } = await brownout(['run', '.'], { cwd: at.path });
    expect(code).to.equal(4);
    expect(stdout.replaceAll(/\s+/g, ' ')).to.include(
      'without a text at /acces (there is: access)',
    );
    expect(stdout).to.not.include('opaque-4711-token');
  });
});

describe('a redactor', () => {
  it('hides what it was told, web tokens, and what stands under a secret name, at any depth', () => {
    const redactor = createRedactor();
    redactor.add('s3cret');
    redactor.add('abc');
    expect(
      redactor.redact({
        a: ['xs3crety', 'abc', { 'x-api-key': 'k', Password: 'p', count: 3, none: null }],
        b: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!',
        c: '/x?access_token=t&y=1',
      }),
    ).to.deep.equal({
      a: [
        'x[redacted]y',
        'abc',
        { 'x-api-key': '[redacted]', Password: '[redacted]', count: 3, none: null },
      ],
      b: '[redacted]!',
      c: '/x?access_token=[redacted]&y=1',
    });
  });
});
