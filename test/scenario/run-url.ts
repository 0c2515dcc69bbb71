import { loadSuite } from '../../src/scenario/load/load.ts';
import type { RunEvent } from '../../src/scenario/events.ts';
import type { Result } from '../../src/scenario/result.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { openSystem } from '../../src/system/open.ts';
import { givePort } from '../../src/system/port.ts';
import { BASICS, CONTRACT, inFolder, SCENARIO, SYSTEM, type FileSet } from './run-files.ts';
import { startService, startUpstream, type Behaviour } from './service.ts';

/** A scenario's own words, and the files beside it. */
export interface UrlRun {
  readonly system?: object;
  readonly service?: object;
  readonly contract?: object;
  readonly scenario?: object;
  readonly files?: FileSet;
  readonly on?: (event: RunEvent) => void;
  /** Put between the service's URL and each path. */
  readonly prefix?: string;
}

/** Runs scenarios on a service that runs already, and has been told where its upstream is. */
export async function runUrl(behaviour: Behaviour, options: UrlRun = {}): Promise<Result> {
  await using upstream = await startUpstream();
  const given = await givePort();
  const stats = `127.0.0.1:${given.port}`;
  await using service = await startService(behaviour, `http://${stats}`, 1);
  const files: FileSet = {
    'system.yaml': {
      ...SYSTEM,
      service: {
        url: `${service.url}${options.prefix ?? ''}`,
        ready: { get: '/page' },
        ...options.service,
      },
      upstreams: { stats: { ...SYSTEM.upstreams.stats, target: upstream.url, listen: stats } },
      ...options.system,
    },
    'contract.yaml': { ...CONTRACT, ...options.contract },
    'scenario.yaml': { ...SCENARIO, ...options.scenario },
    ...options.files,
  };
  try {
    return await inFolder(files, (folder) =>
      runSuite({
        ...BASICS,
        ...(options.on ? { on: options.on } : {}),
        suite: loadSuite([folder]),
        openSystem: (spec) => openSystem(spec, 'seed'),
      }),
    );
  } finally {
    given.giveBack();
  }
}
