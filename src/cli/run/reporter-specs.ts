import { join } from 'node:path';
import { REPORTERS } from '../../report/catalogue.ts';
import type { RunFlags } from './flags.ts';

/**
 * What the reports are and where they go. With a folder, those that are files go there. A terminal with nothing on it tells
 * nobody anything: `list` stays, unless another report goes there.
 */
export function reporterSpecs({ reporter = [], output }: RunFlags): readonly string[] {
  const specs = reporter.map((spec) => {
    const extension = REPORTERS.find(({ name }) => name === spec)?.extension;
    if (output === undefined || extension === undefined) return spec;
    return `${spec}=${join(output, `${spec}.${extension}`)}`;
  });
  return specs.some((spec) => !spec.includes('=')) ? specs : ['list', ...specs];
}
