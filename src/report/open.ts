import type { RunEvent } from '../scenario/events.ts';
import type { Result } from '../scenario/result.ts';
import type { LiveArea } from './live-area.ts';
import { ReportsNotWritten } from './not-written.ts';
import { openAddedFile, openOutputFile } from './output-file.ts';
import type { Listener, ReporterOptions } from './reporter.ts';
import { parseSpecs, type Spec } from './spec.ts';

/** The reports of one run. */
export interface Reports {
  on(event: RunEvent): void;
  /** To be called now and then where a person watches. */
  tick(): void;
  /**
   * Clears what is half drawn and writes the files, if the run came to its end.
   * @throws {ReportsNotWritten} after every other file was written
   */
  close(): Promise<void>;
}

export interface ReportsOptions extends Omit<
  ReporterOptions,
  'write' | 'colour' | 'width' | 'area' | 'choices' | 'added'
> {
  /** Where a report goes that names no file. Its size is asked whenever it matters, for it changes. */
  readonly out: {
    readonly write: (text: string) => void;
    readonly colour: boolean;
    /** A person watches, and lines can be drawn again in place. */
    readonly live: boolean;
    /** Columns. */
    readonly width: number;
    /** Lines of text. */
    readonly rows: number;
  };
}

/**
 * Opens reporters by specs such as `list`, which goes to `out`, or `junit=results.xml`, which is written beside its place and
 * moved there when the run has ended.
 * @throws {BrownoutError} `invalid_reporter` for a spec that is wrong, `report_not_written` for a file that cannot be
 */
export async function openReports(
  specs: readonly string[],
  { out, ...rest }: ReportsOptions,
): Promise<Reports> {
  // What joins another comes last, below what that has said.
  const wanted = parseSpecs(specs).sort(
    (one, other) => Number(one.reporter.joins ?? false) - Number(other.reporter.joins ?? false),
  );
  const area = await liveArea(wanted, out, rest.now);
  const options: ReporterOptions = {
    ...rest,
    area,
    write: out.write,
    colour: out.colour,
    get width() {
      return out.width;
    },
  };
  const opened = await Promise.all(wanted.map((spec) => open(spec, options)));
  let ended: Result | undefined;
  return {
    on(event) {
      if (event.type === 'run:end') ended = event.result;
      for (const { listener } of opened) listener.on(event);
    },
    tick() {
      for (const { listener } of opened) listener.tick?.();
    },
    async close() {
      for (const { listener } of opened) listener.stop?.();
      if (ended) await saveAll(opened, ended);
    },
  };
}

/** The library that draws is read only where it has something to draw on. */
async function liveArea(
  specs: readonly Spec[],
  out: ReportsOptions['out'],
  now: () => number,
): Promise<LiveArea | undefined> {
  if (!out.live || specs.every(({ file }) => file !== null)) return undefined;
  const { createLiveArea } = await import('./live-area.ts');
  return createLiveArea({
    write: out.write,
    now,
    get columns() {
      return out.width;
    },
    get rows() {
      return out.rows;
    },
  });
}

async function open(spec: Spec, options: ReporterOptions): Promise<Opened> {
  const { reporter, choices, file } = spec;
  const path = reporter.addsTo?.(options.env ?? {});
  const added = path ? await openAddedFile(path) : undefined;
  const output = file === null ? undefined : await openOutputFile(file);
  const [texts, more]: [string[], string[]] = [[], []];
  const listener = reporter.start({
    ...(output ? { ...options, area: undefined, colour: false } : options),
    get width() {
      return options.width;
    },
    write: output ? (text) => void texts.push(text) : options.write,
    choices,
    added: added && { taken: added.bytes, write: (text) => void more.push(text) },
  });
  return {
    listener,
    save: [
      ...(output ? [() => output.save(texts.join(''))] : []),
      ...(added ? [() => added.add(more.join(''))] : []),
    ],
  };
}

async function saveAll(opened: readonly Opened[], { exit }: Result): Promise<void> {
  const outcomes = await Promise.allSettled(
    opened.flatMap(({ save }) => save.map((write) => write())),
  );
  const errors = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  if (errors.length > 0) throw new ReportsNotWritten(errors, exit);
}

interface Opened {
  readonly listener: Listener;
  /** Each writes one file. */
  readonly save: readonly (() => Promise<void>)[];
}
