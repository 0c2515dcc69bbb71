import { join } from 'node:path';
import { REPORTERS } from '../../report/catalogue.ts';
import type { RunFlags } from './flags.ts';

/** What the reports are and where they go: with a folder, those that are files go there. */
export function reporterSpecs({ reporter = [], output }: RunFlags): readonly string[] {
  return reporter.map((spec) => {
    const [name] = spec.split(':');
    const extension = REPORTERS.find((known) => known.name === name)?.extension;
    if (output === undefined || extension === undefined || spec.includes('=')) return spec;
    return `${spec}=${join(output, `${name}.${extension}`)}`;
  });
}
