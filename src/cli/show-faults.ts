import { BrownoutError } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { FAULTS, TRIGGERS } from '../proxy/catalogue.ts';
import { describeFault, describeTrigger } from '../proxy/describe.ts';
import { createPaint } from '../report/paint.ts';
import {
  catalogueTable,
  explainFault,
  explainTrigger,
  faultsMarkdown,
  triggersMarkdown,
  type Catalogue,
} from './fault-table.ts';
import type { Io } from './io.ts';

/** How the catalogue is shown. */
export interface ShowOptions {
  readonly json?: true;
  readonly markdown?: true;
}

/**
 * Writes the whole catalogue, or what one fault or trigger is.
 * @throws {BrownoutError} `usage` for a name that is none
 */
export function showFaults(name: string | undefined, options: ShowOptions, io: Io): void {
  const chosen = choose(name);
  if (options.json) io.stdout.write(`${JSON.stringify(describe(chosen), null, 2)}\n`);
  else if (options.markdown) io.stdout.write(markdown(chosen));
  else io.stdout.write(name === undefined ? list(chosen, io) : explain(chosen, io));
}

function choose(name: string | undefined): Catalogue {
  const all = { faults: [...FAULTS.values()], triggers: [...TRIGGERS.values()] };
  if (name === undefined) return all;
  const chosen = {
    faults: all.faults.filter((fault) => fault.name === name),
    triggers: all.triggers.filter((trigger) => trigger.name === name),
  };
  if (chosen.faults.length + chosen.triggers.length > 0) return chosen;
  const known = [...FAULTS.keys(), ...TRIGGERS.keys()];
  throw new BrownoutError('usage', `unknown fault or trigger "${name}"${didYouMean(name, known)}`);
}

function describe({ faults, triggers }: Catalogue) {
  return { faults: faults.map(describeFault), triggers: triggers.map(describeTrigger) };
}

function markdown({ faults, triggers }: Catalogue): string {
  return [
    ...(faults.length > 0 ? [faultsMarkdown(faults)] : []),
    ...(triggers.length > 0 ? [triggersMarkdown(triggers)] : []),
  ].join('\n');
}

function list(all: Catalogue, { stdout }: Io): string {
  return catalogueTable(all, stdout.width, createPaint(stdout.colour));
}

function explain({ faults, triggers }: Catalogue, { stdout }: Io): string {
  const paint = createPaint(stdout.colour);
  return [
    ...faults.map((fault) => explainFault(fault, stdout.width, paint)),
    ...triggers.map((trigger) => explainTrigger(trigger, paint)),
  ].join('\n');
}
