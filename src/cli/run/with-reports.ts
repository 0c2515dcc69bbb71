import { openReports, type Reports } from '../../report/open.ts';
import type { Io } from '../io.ts';

interface Wanted {
  /** Such as `list`, or `junit=results.xml`. */
  readonly specs: readonly string[];
  readonly verbose: boolean;
}

/**
 * Lets a run be told of by reports, which show time pass where a person watches; the files are written when it has ended.
 * @throws {BrownoutError} `invalid_reporter`, `report_not_written`
 */
export async function withReports<Value>(
  { specs, verbose }: Wanted,
  { stdout, env }: Io,
  run: (reports: Reports) => Promise<Value>,
): Promise<Value> {
  const reports = await openReports(specs, {
    out: stdout,
    verbose,
    now: () => performance.now(),
    env,
  });
  const ticker = stdout.live ? setInterval(() => reports.tick(), TICK_MS) : undefined;
  try {
    return await run(reports);
  } finally {
    clearInterval(ticker);
    await reports.close();
  }
}

const TICK_MS = 100;
