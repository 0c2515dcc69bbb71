import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import type { BrownoutError } from '../../src/common/errors.ts';
import { openSystem } from '../../src/system/open.ts';
import type { SystemSpec } from '../../src/system/spec.ts';
import type { Instance } from '../../src/system/system.ts';

/** A server that tells about itself; `body` runs before it listens. */
const program = (body: string) => `
const http = require('node:http');
${body}
http.createServer((request, response) => {
  if (request.url === '/die') { console.log('going down'); process.stdout.write('now'); process.exit(3); }
  response.end(JSON.stringify({ env: process.env, args: process.argv.slice(2), cwd: process.cwd(), pid: process.pid }));
}).listen(Number(process.env.PORT), '127.0.0.1');
`;

/** A system that is that program, in the folder's `app`. */
export function specIn(
  folder: string,
  body: string,
  service: Partial<SystemSpec['service']> = {},
): SystemSpec {
  writeFileSync(join(folder, 'app', 'main.cjs'), program(body));
  return {
    system: 'x',
    directory: folder,
    identities: {},
    upstreams: {
      stats: {
        protocol: 'http',
        target: { url: 'http://127.0.0.1:1' },
        tls: false,
        ownHost: false,
        calls: {},
      },
    },
    secrets: [],
    service: {
      start: { command: [process.execPath, 'main.cjs'] },
      cwd: 'app',
      env: { PORT: '${port}' },
      ready: { get: '/', within: 10_000 },
      stateless: false,
      ...service,
    },
  };
}

/** What starting it fails with. */
export async function startFailing(
  spec: SystemSpec,
  { signal } = new AbortController(),
): Promise<BrownoutError> {
  await using system = await openSystem(spec, 'seed');
  const started = system.start('run', signal);
  // Awaited here: the system is disposed when this function returns.
  return await started.then(
    () => expect.fail('it started'),
    (error: BrownoutError) => error,
  );
}

/** What it tells. */
export interface Told {
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly pid: number;
}

export function ask({ url }: Instance, path = '/'): Promise<Told> {
  return new Promise((resolve, reject) => {
    const request = http.get(url + path, { agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text) as Told));
    });
    request.on('error', reject);
  });
}
