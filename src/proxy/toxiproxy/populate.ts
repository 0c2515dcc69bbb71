import { below } from '../../common/problems.ts';
import { checkName } from './fields.ts';
import { listOf, missing, missingIn, readProxy, type ProxySpec } from './proxy-spec.ts';
import type { Standing, StandingProxies } from './standing.ts';
import type { StandingToxics } from './toxics-of.ts';
import { ToxiproxyError } from './toxiproxy-error.ts';

interface Parts {
  readonly proxies: StandingProxies;
  readonly toxics: StandingToxics;
}

/** Makes proxies stand, or changes nothing. @throws {ToxiproxyError} */
export async function settleAll(specs: readonly ProxySpec[], parts: Parts): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const spec of specs) await settle(spec, parts, undo);
  } catch (error) {
    // What cannot be put back keeps nothing else from it.
    for (const back of undo.reverse()) await back().catch(() => {});
    throw error;
  }
}

/** Reads a list of proxies to populate with. @throws {InvalidError} @throws {ToxiproxyError} */
export function readAll(value: unknown): readonly ProxySpec[] {
  const specs = listOf(value).map((item, i) => below([i], () => readProxy(item)));
  for (const [i, spec] of specs.entries()) {
    const lacks = missingIn(spec);
    if (lacks) throw new ToxiproxyError(400, `${missing(lacks)} at proxy ${i + 1}`);
  }
  for (const [i, { name }] of specs.entries()) below([i], () => checkName(name, 'name'));
  return specs;
}

async function settle(
  spec: ProxySpec,
  { proxies, toxics }: Parts,
  undo: (() => Promise<unknown>)[],
): Promise<void> {
  const { name, listen, upstream, enabled } = spec;
  const before = proxies.find(name);
  const had = await toxics.of(name);
  const moves = before === undefined || !(await proxies.same(before, spec));
  if (!moves && enabled === undefined && spec.toxics === undefined) return;
  // The toxics first: the first connection meets them.
  if (moves || spec.toxics) {
    undo.push(() => toxics.set(name, had));
    await toxics.set(name, spec.toxics ?? []);
  }
  if (!before) {
    undo.push(() => proxies.remove(name));
    await proxies.create(name, { listen, upstream, enabled: enabled ?? true });
  } else if (moves || enabled !== undefined) {
    undo.push(() => proxies.change(name, before));
    const where = moves ? { listen, upstream } : before;
    await proxies.change(name, {
      ...whereOf(where),
      enabled: enabled ?? (moves || before.enabled),
    });
  }
}

function whereOf({ listen, upstream }: Pick<Standing, 'listen' | 'upstream'>) {
  return { listen, upstream };
}
