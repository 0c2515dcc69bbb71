import type { OwnFaultControl } from '../fault-control.ts';
import { goesUp, planToxic, type ToxicSpec } from './toxic-spec.ts';

/** The toxics that stand on proxies. The rules are the one truth: a toxic that is lifted as a rule is gone here, too. */
export interface StandingToxics {
  /** Those that act on what goes up first, each way in the order in which they came. */
  of(proxy: string): Promise<readonly ToxicSpec[]>;
  put(proxy: string, toxic: ToxicSpec): Promise<void>;
  remove(proxy: string, name: string): Promise<void>;
  /** Makes these all there are; one that stays what it is goes on undisturbed. */
  set(proxy: string, toxics: readonly ToxicSpec[]): Promise<void>;
}

export function createStandingToxics(control: OwnFaultControl): StandingToxics {
  return {
    of,
    put,
    remove,
    async set(proxy, toxics) {
      const before = await of(proxy);
      for (const { name } of before) {
        if (!toxics.some((toxic) => toxic.name === name)) await remove(proxy, name);
      }
      for (const toxic of toxics) {
        const same = before.find(({ name }) => name === toxic.name);
        if (same && same.type === toxic.type && goesUp(same) === goesUp(toxic)) {
          if (JSON.stringify(same) !== JSON.stringify(toxic)) await put(proxy, toxic);
        } else {
          // Of another kind: it begins anew.
          await remove(proxy, toxic.name);
          await put(proxy, toxic);
        }
      }
    },
  };

  async function of(proxy: string): Promise<readonly ToxicSpec[]> {
    const rules = await control.rules();
    const toxics = rules.flatMap(({ on, toxic }) => (on === proxy && toxic ? [toxic] : []));
    return [...toxics.filter(goesUp), ...toxics.filter((toxic) => !goesUp(toxic))];
  }

  async function put(proxy: string, toxic: ToxicSpec): Promise<void> {
    await control.place(planToxic(toxic, proxy), idOf(proxy, toxic.name));
  }

  async function remove(proxy: string, name: string): Promise<void> {
    await control.remove(idOf(proxy, name));
  }
}

function idOf(proxy: string, toxic: string): string {
  return `${proxy}/${toxic}`;
}
