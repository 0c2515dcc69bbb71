import type { OpenUpstream, Proxy, ProxyUpstream } from '../../proxy/proxy.ts';
import { speaksOtherwise, takesPortOf, type Difference } from './difference.ts';
import type { Undo } from './undo.ts';

/** Opens an upstream, and explains why it could not. */
export type Open = (upstream: ProxyUpstream) => Promise<OpenUpstream>;

/** What was opened. */
export interface Opened {
  readonly added: readonly OpenUpstream[];
  readonly reopened: readonly OpenUpstream[];
}

/**
 * Makes the upstreams of a proxy what is wanted. What can be opened beside what is there is opened first, so that a port
 * that cannot be had is known before anything is closed.
 * @param before as they were wanted until now, by name
 */
export async function changeUpstreams(
  proxy: Proxy,
  { added, removed, renamed, reopened }: Difference,
  before: ReadonlyMap<string, ProxyUpstream>,
  open: Open,
  undo: Undo,
): Promise<Opened> {
  const sameTongue = reopened.filter((one) => !speaksOtherwise(one, before.get(one.name) ?? one));
  for (const { name, calls = {} } of [...renamed, ...sameTongue]) {
    proxy.nameCalls(name, calls);
    undo.add(() => proxy.nameCalls(name, before.get(name)?.calls ?? {}));
  }
  const leaving = [...removed, ...reopened.map(({ name }) => name)].flatMap(
    (name) => openUpstream(proxy, name) ?? [],
  );
  const coming = [...added, ...reopened].map((one) => inItsPlace(one, before, leaving));
  const beside = (one: ProxyUpstream) =>
    !leaving.some((other) => takesPortOf(one, other)) &&
    (!before.has(one.name) || sameTongue.some(({ name }) => name === one.name));
  const opened: OpenUpstream[] = [];
  for (const one of coming.filter(beside)) opened.push(await openOne(one));
  for (const one of leaving) await close(one);
  for (const one of coming.filter((one) => !beside(one))) opened.push(await openOne(one));
  const isNew = ({ name }: OpenUpstream) => !before.has(name);
  return { added: opened.filter(isNew), reopened: opened.filter((one) => !isNew(one)) };

  async function openOne(one: ProxyUpstream): Promise<OpenUpstream> {
    const made = await open(one);
    undo.add(() => made[Symbol.asyncDispose]());
    return made;
  }

  async function close(one: OpenUpstream): Promise<void> {
    const again = { ...one.made, port: portOf(one) };
    undo.add(() => open(again));
    await one[Symbol.asyncDispose]();
  }
}

/** The one that everybody uses, not those of runs. */
export function openUpstream({ upstreams }: Proxy, name: string): OpenUpstream | undefined {
  return upstreams.find((one) => one.name === name && one.run === undefined);
}

/** One that was given a free port keeps it, for somebody may have been told of it. */
function inItsPlace(
  one: ProxyUpstream,
  before: ReadonlyMap<string, ProxyUpstream>,
  leaving: readonly OpenUpstream[],
): ProxyUpstream {
  const old = before.get(one.name);
  const open = leaving.find(({ name }) => name === one.name);
  return old && open && !old.port && !one.port && old.host === one.host
    ? { ...one, port: portOf(open) }
    : one;
}

function portOf({ address }: OpenUpstream): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
