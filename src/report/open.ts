import { resolve } from 'node:path';
import { BrownoutError, messageOf } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import type { RunEvent } from '../scenario/events.ts';
import { REPORTERS } from './catalogue.ts';
import { openOutputFile } from './output-file.ts';
import type { LiveArea } from './live-area.ts';
import type { Listener, Reporter, ReporterOptions } from './reporter.ts';

/** The reports of one run. */
export interface Reports {
  on(event: RunEvent): void;
  /** To be called now and then where a person watches. */
  tick(): void;
  /**
   * Clears what is half drawn and writes the files, if the run came to its end.
   * @throws {BrownoutError} `report_not_written`, after every other file was written
   */
  close(): Promise<void>;
}

export interface ReportsOptions extends Omit<
  ReporterOptions,
  'write' | 'colour' | 'width' | 'area'
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
 * Opens reporters by specs such as `list`, which goes to `options.write`, or `junit=results.xml`, which is written beside its
 * place and moved there when the run has ended.
 * @throws {BrownoutError} `invalid_reporter` for a spec that is wrong, `report_not_written` for a file that cannot be
 */
export async function openReports(
  specs: readonly string[],
  { out, ...rest }: ReportsOptions,
): Promise<Reports> {
  const wanted = specs.map(parseSpec);
  refuseSharedOutputs(wanted);
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
  let ended = false;
  return {
    on(event) {
      ended ||= event.type === 'run:end';
      for (const { listener } of opened) listener.on(event);
    },
    tick() {
      for (const { listener } of opened) listener.tick?.();
    },
    async close() {
      for (const { listener } of opened) listener.stop?.();
      if (ended) await saveAll(opened);
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

async function open({ reporter, file }: Spec, options: ReporterOptions): Promise<Opened> {
  if (file === null) return { listener: reporter.start(options), save: async () => {} };
  const output = await openOutputFile(file);
  const texts: string[] = [];
  const listener = reporter.start({
    ...options,
    area: undefined,
    write: (text) => void texts.push(text),
    colour: false,
  });
  return { listener, save: () => output.save(texts.join('')) };
}

async function saveAll(opened: readonly Opened[]): Promise<void> {
  const outcomes = await Promise.allSettled(opened.map(({ save }) => save()));
  const errors = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  if (errors.length <= 1) {
    for (const error of errors) throw error;
    return;
  }
  throw new BrownoutError('report_not_written', errors.map(messageOf).join('\n'), {
    cause: new AggregateError(errors),
  });
}

function parseSpec(spec: string): Spec {
  const equals = spec.indexOf('=');
  const name = equals < 0 ? spec : spec.slice(0, equals);
  const file = equals < 0 ? null : spec.slice(equals + 1);
  const reporter = REPORTERS.find((candidate) => candidate.name === name);
  if (!reporter) {
    const names = REPORTERS.map((candidate) => candidate.name);
    throw invalid(`there is no reporter "${name}"${didYouMean(name, names)}`);
  }
  if (file === '') throw invalid(`--reporter ${name}= names no file, write ${name}=path`);
  return { reporter, file };
}

function refuseSharedOutputs(specs: readonly Spec[]): void {
  const taken = new Map<string | null, Spec>();
  for (const spec of specs) {
    const place = spec.file === null ? null : resolve(spec.file);
    const other = taken.get(place);
    if (other) {
      const names = `${other.reporter.name} and ${spec.reporter.name}`;
      throw invalid(
        `the reporters ${names} would both write to ${spec.file ?? 'stdout'}: give one a file of its own, such as ${spec.reporter.name}=report`,
      );
    }
    taken.set(place, spec);
  }
}

function invalid(message: string): BrownoutError {
  return new BrownoutError('invalid_reporter', message);
}

interface Spec {
  readonly reporter: Reporter;
  readonly file: string | null;
}

interface Opened {
  readonly listener: Listener;
  readonly save: () => Promise<void>;
}
