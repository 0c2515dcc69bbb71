import { fileURLToPath } from 'node:url';
import { CHECKS } from '../../src/doctor/catalogue.ts';
import { examine, type Examined } from '../../src/doctor/examine.ts';
import { createMachine } from '../../src/doctor/machine.ts';
import { parseProbe, probesBeside } from '../../src/doctor/probe.ts';
import { openService } from '../../src/doctor/service.ts';
import { openFiles } from '../../src/scenario/load/files.ts';
import { folder } from '../helpers/folder.ts';
import { root } from '../helpers/root.ts';

/** A system file of the example `pages`, which goes wrong in these ways, and a contract beside it. */
export function pagesFiles(ways: string, options: PagesOptions = {}): Record<string, string> {
  const { stateless = true, contract = true, env = {}, upstreams = {}, system: more } = options;
  const app = fileURLToPath(new URL('test/examples/pages/app.js', root));
  const system = {
    system: 'pages',
    service: {
      command: [process.execPath, app],
      env: { PORT: '${port}', STATS_URL: '${upstream.stats.url}', WAYS: ways, ...env },
      ready: { get: '/health' },
      ...(stateless ? { stateless } : {}),
    },
    upstreams: {
      stats: {
        target: 'builtin stats',
        calls: {
          leaderboard: 'GET /leaderboards/top_ten/:product',
          'player-stats': 'GET /stats/:product/:user',
        },
      },
      ...upstreams,
    },
    secrets: ['LICENCE'],
    ...more,
  };
  return {
    'system.yaml': JSON.stringify(system),
    ...(contract ? { 'contracts/page.yaml': JSON.stringify(CONTRACT) } : {}),
  };
}

export interface PagesOptions {
  readonly stateless?: boolean;
  readonly contract?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly upstreams?: object;
  /** What else the system file says. */
  readonly system?: object;
}

interface ExamineOptions extends PagesOptions {
  readonly requests?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What each check of a service finds on such a service. */
export async function examinePages(
  ways: string,
  options: ExamineOptions = {},
): Promise<Record<string, Examined>> {
  using at = folder(pagesFiles(ways, options));
  const files = openFiles();
  const spec = files.system(at.file('system.yaml'));
  const { signal } = new AbortController();
  const probes = [
    ...probesBeside(at.file('system.yaml'), spec, files),
    ...(options.requests ?? []).map(parseProbe),
  ];
  const env = options.environment ?? {};
  await using service = openService({ spec, probes, seed: '1', env, signal });
  const machine = createMachine(signal);
  const checks = CHECKS.filter(({ needs }) => needs === 'service');
  const examined = await examine(checks, { machine, service, on() {}, signal });
  return Object.fromEntries(service.redactor.redact(examined).map((one) => [one.name, one]));
}

const CONTRACT = {
  contract: 'page',
  request: { get: '/' },
  budget: { baseline: '5s', degraded: '5s' },
  calls: {
    leaderboard: { part: '/board', data: '/board/data', empty: null, flag: '/board/error' },
    'player-stats': { part: '/player', data: '/player/data', empty: null, flag: '/player/error' },
  },
};
