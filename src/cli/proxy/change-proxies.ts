import { BrownoutError, messageOf } from '../../common/errors.ts';
import type { ProxySpec } from '../../proxy/toxiproxy/proxy-spec.ts';
import type { ProxyView, Toxiproxy } from '../../proxy/toxiproxy/toxiproxy.ts';
import type { Undo } from './undo.ts';

/** What has to be done to Toxiproxy's proxies, so that they are those that are wanted. */
export interface ProxyDifference {
  readonly removed: readonly ProxySpec[];
  readonly put: readonly ProxySpec[];
}

export function proxyDifference(
  before: readonly ProxySpec[],
  wanted: readonly ProxySpec[],
): ProxyDifference {
  const texts = new Map(before.map((spec) => [spec.name, JSON.stringify(spec)]));
  return {
    removed: before.filter(({ name }) => !wanted.some((spec) => spec.name === name)),
    put: wanted.filter((spec) => texts.get(spec.name) !== JSON.stringify(spec)),
  };
}

/** Closes those that are wanted no more; the rules on them go, too. */
export async function removeProxies(
  toxiproxy: Toxiproxy,
  removed: readonly ProxySpec[],
  undo: Undo,
): Promise<void> {
  for (const { name } of removed) {
    // Somebody may have removed it by the control API.
    const view = await find(toxiproxy, name);
    if (!view) continue;
    undo.add(() => toxiproxy.populate([view]));
    await toxiproxy.remove(name);
  }
}

/** Makes those stand that are new or others than before, with just the toxics that are said of them. */
export async function putProxies(
  toxiproxy: Toxiproxy,
  put: readonly ProxySpec[],
  whereSaid: string,
  undo: Undo,
): Promise<readonly ProxyView[]> {
  const views: ProxyView[] = [];
  for (const { toxics = [], enabled = true, ...spec } of put) {
    const { name } = spec;
    const old = await find(toxiproxy, name);
    undo.add(() => (old ? toxiproxy.populate([old]) : toxiproxy.remove(name)));
    const [view] = await toxiproxy.populate([{ ...spec, toxics, enabled }]).catch((error) => {
      const message = `the proxy ${name} in ${whereSaid}: ${messageOf(error)}`;
      throw new BrownoutError('cannot_listen', message, { cause: error });
    });
    if (view) views.push(view);
  }
  return views;
}

async function find(toxiproxy: Toxiproxy, name: string): Promise<ProxyView | undefined> {
  return (await toxiproxy.list()).find((view) => view.name === name);
}
