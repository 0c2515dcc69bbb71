import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { expect } from 'chai';
import { FileError } from '../../src/common/errors.ts';
import type { RunEvent } from '../../src/scenario/events.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import type { CellResult, Result } from '../../src/scenario/result.ts';
import type { RunPolicy } from '../../src/scenario/run/run-options.ts';
import { runSuite, type RunOptions as RunSuite } from '../../src/scenario/run/run.ts';
import type { Suite } from '../../src/scenario/suite.ts';
import { expectForm } from './result-form.ts';
import { openWorld, rightService, type Behaviour } from './service.ts';

/** Files by their name: text as it stands, anything else as YAML. */
export type FileSet = Readonly<Record<string, unknown>>;

export const SYSTEM = {
  system: 'game',
  service: { start: 'builtin portal' },
  upstreams: {
    stats: {
      target: 'http://127.0.0.1:1',
      calls: { board: 'GET /board', player: 'GET /player', other: 'GET /other' },
    },
  },
};

export const CONTRACT = {
  contract: 'page',
  request: { get: '/page' },
  budget: { baseline: '2s', degraded: '900ms' },
  calls: {
    board: { part: '/board', data: '/board/data', empty: [], flag: '/board/error' },
    player: { part: '/player', data: '/player/data', empty: {}, flag: '/player/error' },
  },
  overall: { flag: '/degraded' },
};

export const SCENARIO = {
  scenario: 'The board is lost',
  id: 'lost-board',
  use: ['./system.yaml', './contract.yaml'],
};

/** A fault on one call that a service must answer by an empty, flagged board. */
export const BROKEN_BOARD = { faults: [{ on: 'stats.board', inject: { status: 503 } }] };

/** Writes files into a folder of their own for as long as `work` takes. */
export async function inFolder<T>(
  files: FileSet,
  work: (folder: string) => Promise<T> | T,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'brownout-test-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), typeof content === 'string' ? content : stringify(content));
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function load(files: FileSet, paths: readonly string[] = ['.'], system?: string) {
  return inFolder(files, (folder): Suite =>
    loadSuite(
      paths.map((path) => join(folder, path)),
      { system: system === undefined ? undefined : join(folder, system) },
    ),
  );
}

/** What is wrong with the files, as `file:line:column: message`, the folder left out. */
export function problemsOf(files: FileSet, paths: readonly string[] = ['.']): Promise<string[]> {
  return inFolder(files, (folder) => {
    try {
      loadSuite(paths.map((path) => join(folder, path)));
      return [];
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return error.problems.map(({ file, line, column, message }) => {
        const name = file.slice(file.indexOf('brownout-test-')).split('/').slice(1).join('/');
        return `${name}:${line}:${column}: ${message}`;
      });
    }
  });
}

export interface Ran {
  readonly result: Result;
  /** The first cell. */
  readonly cell: CellResult;
  readonly events: readonly RunEvent[];
}

export interface RunOptions {
  readonly service?: Behaviour;
  readonly system?: object;
  readonly contract?: object;
  readonly scenario?: object;
  /** Beside the system, the contract and the scenario. */
  readonly files?: FileSet;
  readonly override?: string;
  readonly policy?: RunPolicy;
  /** What is made of what was loaded. */
  readonly choose?: (suite: Suite) => Suite;
  readonly signal?: AbortSignal;
  readonly on?: (event: RunEvent) => void;
}

/** Runs one scenario (and what `files` adds) against a service, and sees that nothing is left of it. */
export async function run(options: RunOptions): Promise<Ran> {
  const { service = rightService, on } = options;
  const files = {
    'system.yaml': { ...SYSTEM, ...options.system },
    'contract.yaml': { ...CONTRACT, ...options.contract },
    'scenario.yaml': { ...SCENARIO, ...options.scenario },
    ...options.files,
  };
  const loaded = await load(files, ['.'], options.override);
  const suite = options.choose?.(loaded) ?? loaded;
  const events: RunEvent[] = [];
  await using world = await openWorld(service);
  const result = await runSuite({
    suite,
    seed: 'seed',
    openSystem: () => world.openSystem(),
    on(event) {
      events.push(event);
      on?.(event);
    },
    signal: options.signal ?? new AbortController().signal,
    startedAt: new Date(0),
    ...(options.policy ? { policy: options.policy } : {}),
  });
  expectForm(result);
  expect(await world.left()).to.deep.equal({ instances: 0, listeners: 0, rules: 0 });
  return { result, cell: result.cells[0] as CellResult, events };
}

/** What `runSuite` needs beside a suite and a system. */
export const BASICS: Omit<RunSuite, 'suite' | 'openSystem'> = {
  seed: 'seed',
  on: () => undefined,
  signal: new AbortController().signal,
  startedAt: new Date(0),
};

/** A system, a contract and one scenario. */
export function filesOf(scenario: object) {
  return {
    'system.yaml': SYSTEM,
    'contract.yaml': CONTRACT,
    'scenario.yaml': { ...SCENARIO, ...scenario },
  };
}
