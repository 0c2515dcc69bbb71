import type { RunEvent } from '../../scenario/events.ts';
import { contractsBeside } from '../../scenario/load/contracts-beside.ts';
import { openFiles } from '../../scenario/load/files.ts';
import { quoted } from '../../scenario/requests/request.ts';
import { runSuite } from '../../scenario/run/run.ts';
import { openSystem } from '../../system/open.ts';
import { Exit, type Io } from '../io.ts';
import { withReports } from '../run/with-reports.ts';
import { findSystem } from '../up/find-system.ts';
import { replayEntry } from './replay-entry.ts';
import { cellAt, notAnAddress } from './cell-at.ts';

export interface ReplayFlags {
  readonly system?: string;
  readonly seed?: string;
  readonly control?: string;
  readonly token?: string;
}

/** Repeats an execution by its address, or a request by an exchange that it caused. */
export async function runReplay(written: string, flags: ReplayFlags, io: Io): Promise<void> {
  if (/^\d+$/.test(written)) return replayEntry(Number(written), flags, io);
  const { seed = io.randomSeed() } = flags;
  const again = `brownout replay ${quoted(written)} --system`;
  const file = await findSystem(flags.system, again).catch((error: unknown) => {
    // With a system it would be no address either.
    throw written.includes('~') ? error : notAnAddress(written, []);
  });
  const files = openFiles(io.env);
  const spec = files.system(file);
  const cell = cellAt(written, spec, contractsBeside(file, spec, files));
  const system = file === 'system.yaml' ? '' : ` --system ${quoted(file)}`;
  const replay = `brownout replay ${quoted(written)}${system} --seed ${quoted(seed)}`;
  const exit = await withReports({ specs: ['list'], verbose: true }, io, async (reports) => {
    const result = await runSuite({
      suite: { cells: [cell], leftOut: 0, files: files.read() },
      seed,
      openSystem: (one) => openSystem(one, seed),
      on: (event) => reports.on(replayedBy(replay, event)),
      signal: io.signal,
      env: io.env,
      startedAt: io.now(),
    });
    return result.exit;
  });
  if (exit !== 0) throw new Exit(exit);
}

/** No scenario is behind it that could be run again. */
function replayedBy(replay: string, event: RunEvent): RunEvent {
  if (event.type === 'cell:end') return { ...event, cell: { ...event.cell, replay } };
  if (event.type !== 'run:end') return event;
  const cells = event.result.cells.map((cell) => ({ ...cell, replay }));
  return { ...event, result: { ...event.result, cells } };
}
