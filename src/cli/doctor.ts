import { BrownoutError } from '../common/errors.ts';
import { CHECKS } from '../doctor/catalogue.ts';
import { examine, worstOf } from '../doctor/examine.ts';
import { isolationOf } from '../doctor/isolation.ts';
import { isOnlyOne } from '../system/only-one.ts';
import { createMachine } from '../doctor/machine.ts';
import { parseProbe, probesBeside } from '../doctor/probe.ts';
import { openService, type OpenService } from '../doctor/service.ts';
import { cut } from '../report/columns.ts';
import { createPaint } from '../report/paint.ts';
import { openFiles } from '../scenario/load/files.ts';
import { doctorReport } from './doctor-table.ts';
import { BROKEN, NOTHING_TESTED } from './exit-codes.ts';
import { Exit, type Io } from './io.ts';
import { systemFileAt } from './up/find-system.ts';

/** What `brownout doctor` was asked for. */
interface Asked {
  readonly system: string | undefined;
  readonly requests: readonly string[];
  readonly json: boolean;
}

/** Tries every check, shows what came of it, and ends with the exit code of the worst. */
export async function examineAll({ system, requests, json }: Asked, io: Io): Promise<void> {
  await using service = serviceOf(system, requests, io);
  const live = liveLine(io);
  const { signal } = io;
  const found = await examine(CHECKS, {
    machine: createMachine(signal),
    service,
    on: ({ name, proves }) => live.draw(`checking ${name}: ${proves}`),
    signal,
  }).finally(live.clear);
  const checks = service?.redactor.redact(found) ?? found;
  const isolation = isolationOf(checks, service && isOnlyOne(service.spec));
  const exit = EXITS[worstOf(checks)];
  const { colour, width, write } = io.stdout;
  if (json) write(`${JSON.stringify({ version: 1, exit, isolation, checks }, null, 2)}\n`);
  else write(doctorReport({ checks, isolation, system }, width, createPaint(colour)));
  if (exit !== 0) throw new Exit(exit);
}

function serviceOf(
  path: string | undefined,
  requests: readonly string[],
  { env, signal, randomSeed }: Io,
): OpenService | undefined {
  const asked = requests.map(parseProbe);
  if (path === undefined) {
    if (asked.length === 0) return undefined;
    throw new BrownoutError('usage', '--request asks a service: name its system file, too');
  }
  const file = systemFileAt(path);
  const files = openFiles(env);
  const spec = files.system(file);
  const probes = [...probesBeside(file, spec, files), ...asked];
  return openService({ spec, probes, seed: randomSeed(), env, signal });
}

/** One line that is drawn again in place, where a person watches. */
function liveLine({ stderr: { live, width, write } }: Io) {
  return {
    // One column is left free: many terminals go to the next line with the last one.
    draw: (text: string) => void (live && width > 1 && write(ERASE + cut(text, width - 1))),
    clear: () => void (live && write(ERASE)),
  };
}

const EXITS = { holds: 0, 'not needed': 0, fails: BROKEN, unknown: NOTHING_TESTED } as const;
/** To the line's beginning, then erase all of it. */
const ERASE = '\r\u001b[2K';
