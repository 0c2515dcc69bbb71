import { resolve } from 'node:path';
import { BrownoutError } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { REPORTERS } from './catalogue.ts';
import type { Reporter } from './reporter.ts';

/** A report that somebody wants: `list`, `junit=results.xml`, `junit:flaky=results.xml`. */
export interface Spec {
  readonly reporter: Reporter;
  readonly choices: readonly string[];
  /** Null for stdout. */
  readonly file: string | null;
}

/**
 * A terminal with nothing on it tells nobody anything: `list` is among them, unless another has stdout for itself.
 * @throws {BrownoutError} `invalid_reporter`
 */
export function parseSpecs(texts: readonly string[]): Spec[] {
  const specs = texts.map(parseSpec);
  const wanted = specs.some(hasStdout) ? specs : [parseSpec('list'), ...specs];
  refuseSharedOutputs(wanted);
  return wanted;
}

function parseSpec(text: string): Spec {
  const [, head = '', , file = null] = /^([^=]*)(=(.*))?$/s.exec(text) ?? [];
  const [name = '', ...choices] = head.split(':');
  const reporter = REPORTERS.find((candidate) => candidate.name === name);
  if (!reporter) {
    const names = REPORTERS.map((candidate) => candidate.name);
    throw invalid(`unknown reporter "${name}"${didYouMean(name, names)}`);
  }
  const known = Object.keys(reporter.choices ?? {});
  const unknown = choices.find((choice) => !known.includes(choice));
  if (unknown !== undefined) {
    const hint = known.length > 0 ? didYouMean(unknown, known) : ': it takes none';
    throw invalid(`the reporter ${name} has no choice "${unknown}"${hint}`);
  }
  if (file === '') throw invalid(`--reporter ${head}= names no file, write ${head}=path`);
  return { reporter, choices, file };
}

/** `github` says little, and its lines stand below those of another. */
function hasStdout({ reporter, file }: Spec): boolean {
  return file === null && !reporter.joins;
}

function refuseSharedOutputs(specs: readonly Spec[]): void {
  const taken = new Map<string | null, Spec>();
  for (const spec of specs) {
    if (spec.file === null && spec.reporter.joins) continue;
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
