import type { Problem } from '../../common/errors.ts';

/** Rules and reports name upstreams and calls alike, so no two may share a name. */
export function takenNames(upstreams: Upstreams): Problem[] {
  const taken = new Set(Object.keys(upstreams));
  const problems: Problem[] = [];
  for (const [upstream, { calls }] of Object.entries(upstreams)) {
    for (const call of Object.keys(calls)) {
      if (taken.has(call)) {
        const message = `"${call}" names another upstream or call already`;
        problems.push({ path: ['upstreams', upstream, 'calls', call], message, atKey: true });
      }
      taken.add(call);
    }
  }
  return problems;
}

type Upstreams = Readonly<Record<string, { readonly calls: Readonly<Record<string, unknown>> }>>;
