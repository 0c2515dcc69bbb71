import { createDisposables } from '../../common/disposables.ts';
import type { ListenAddress } from '../../common/listen-address.ts';
import { printable } from '../../report/printable.ts';
import { redactedError } from '../../scenario/run/redact.ts';
import { liveJournal } from '../control/live-journal.ts';
import { BROKEN } from '../exit-codes.ts';
import { Exit, type Io } from '../io.ts';
import { openJournalFile, recordJournal } from '../proxy/journal-file.ts';
import { CONTROL, reachBy, tellOnce } from '../proxy/standard.ts';
import type { Under } from '../send/sender.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { findSystem } from './find-system.ts';
import { openUp, type Up } from './open-up.ts';
import { upScreen } from './screen.ts';

export interface UpFlags {
  readonly port?: number;
  readonly control?: ListenAddress;
  readonly token?: string;
  readonly seed?: string;
  readonly journal?: string;
}

/** Brings a system up, and shows what its service asks of its upstreams, until it is interrupted. */
export async function runUp(named: string | undefined, flags: UpFlags, io: Io): Promise<void> {
  const { port = 8080, control = CONTROL, seed = io.randomSeed(), journal } = flags;
  const token = flags.token ?? io.env['BROWNOUT_TOKEN'];
  const file = await findSystem(named, 'brownout up');
  await using started = createDisposables();
  const written = journal === undefined ? undefined : await openJournalFile(journal);
  // It is ended after the proxy, so that it holds how the last exchanges ended.
  const afterwards = started.use(createDisposables());
  const up = await openUp({ file, port, control, token, seed, io }, started);
  if (written) afterwards.use(recordJournal(up.system.control, written, tellOnce(io)));
  await learnContracts(up, io);
  const reach = reachBy(up.control, flags);
  io.stdout.write(upScreen({ up, file, seed, journal, reach }, io.stdout));
  const stop = new AbortController();
  started.use(liveJournal(up.system, up.under.redactor, stop.signal, io));
  try {
    await Promise.race([untilInterrupted(io), untilDead(up.under, io)]);
  } finally {
    stop.abort();
  }
}

/** What is healthy is known then, also where something is broken before the first request. */
async function learnContracts({ sender, under }: Up, { signal, stderr }: Io): Promise<void> {
  for (const { contract } of under.contracts) {
    await sender.learn({ contract: contract.contract }, signal).catch((error: unknown) => {
      if (signal.aborted) return;
      const { message } = redactedError(error, under.redactor) as Error;
      stderr.write(`${contract.contract}: ${printable(message)}\n`);
    });
  }
}

/** Nobody could send anything to it any more: what it said last is told, and all is put back. */
async function untilDead({ instance, redactor }: Under, { signal, stderr }: Io): Promise<void> {
  while (!signal.aborted) {
    if (instance.died !== undefined) {
      const lines = [`the service died: ${instance.died}`, ...instance.log.lines.slice(-LOG_LINES)];
      stderr.write(`${redactor.redact(lines).map(printable).join('\n')}\n`);
      throw new Exit(BROKEN);
    }
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS).unref());
  }
}

const LOOK_MS = 200;
const LOG_LINES = 10;
