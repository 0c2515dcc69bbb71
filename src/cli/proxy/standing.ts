import { BrownoutError, InvalidError, messageOf } from '../../common/errors.ts';
import { parseRule, type UpstreamNames } from '../../proxy/catalogue.ts';
import type { Proxy, ProxyUpstream } from '../../proxy/proxy.ts';
import type { RuleView } from '../../proxy/rules.ts';
import type { ProxySpec } from '../../proxy/toxiproxy/proxy-spec.ts';
import { createToxiproxy, type ProxyView } from '../../proxy/toxiproxy/toxiproxy.ts';
import { proxyDifference, putProxies, removeProxies } from './change-proxies.ts';
import { changeUpstreams, type Open, type Opened } from './change-upstreams.ts';
import { namesOf, type Wanted } from './config.ts';
import { differenceOf, speaksOtherwise } from './difference.ts';
import { wholeOrNot, type Undo } from './undo.ts';

/** What of a proxy stands because flags and file want it. What was added through its control API is left alone. */
export interface Standing {
  /**
   * Makes it what is wanted now, by changing what differs: whole or not at all.
   * @throws {BrownoutError} for a port that cannot be had, or for others' rules on what would be gone
   */
  become(wanted: Wanted): Promise<Change>;
}

/** What has been changed. */
export interface Change extends Opened {
  readonly proxiesPut: readonly ProxyView[];
  readonly proxiesRemoved: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly string[];
  readonly rulesAdded: readonly RuleView[];
  readonly rulesLifted: readonly RuleView[];
}

/** @param file as errors name it */
export function createStanding(proxy: Proxy, open: Open, file = ''): Standing {
  const { control } = proxy;
  const toxiproxy = createToxiproxy(proxy);
  let before: ReadonlyMap<string, ProxyUpstream> = new Map();
  let proxies: readonly ProxySpec[] = [];
  let ours: ReadonlySet<string> = new Set();

  return {
    async become(wanted) {
      const difference = differenceOf(before, wanted.upstreams);
      const toxic = proxyDifference(proxies, wanted.proxies);
      const old = namesOf({ upstreams: [...before.values()], proxies });
      const otherTongue = new Set(
        difference.reopened
          .filter((one) => speaksOtherwise(one, before.get(one.name) ?? one))
          .map(({ name }) => name),
      );
      const isLost = (rule: RuleView) => otherTongue.has(upstreamOf(rule, old) ?? '');
      const all = await control.rules();
      const others = all.filter(({ id }) => !ours.has(id));
      const names = namesOf(wanted);
      const removed = [...difference.removed, ...toxic.removed.map(({ name }) => name)];
      checkOthers(withoutToxics(others, toxic.removed), { old, names, removed, isLost });
      const mine = all.filter(({ id }) => ours.has(id));
      const { kept, gone, fresh } = pair(mine, wanted.rules, names, isLost);
      return wholeOrNot(async (undo) => {
        // No rule can stand on an upstream while it changes what it speaks.
        for (const rule of gone.filter(isLost)) await lift(rule, old, undo);
        await removeProxies(toxiproxy, toxic.removed, undo);
        const opened = await changeUpstreams(proxy, difference, before, open, undo);
        const proxiesPut = await putProxies(toxiproxy, toxic.put, file, undo);
        const added = await control.add(fresh);
        undo.add(() => Promise.all(added.map(({ id }) => control.remove(id))));
        for (const rule of gone.filter((one) => !isLost(one))) await lift(rule, old, undo);
        ours = new Set([...kept, ...added].map(({ id }) => id));
        before = new Map(wanted.upstreams.map((one) => [one.name, one]));
        proxies = wanted.proxies;
        return {
          ...opened,
          removed: difference.removed,
          renamed: difference.renamed.map(({ name }) => name),
          proxiesPut,
          proxiesRemoved: toxic.removed.map(({ name }) => name),
          rulesAdded: added,
          rulesLifted: gone,
        };
      });
    },
  };

  async function lift(rule: RuleView, names: UpstreamNames, undo: Undo): Promise<void> {
    undo.add(() => control.place(parseRule(specOf(rule), names), rule.id));
    await control.remove(rule.id);
  }
}

/** Which rules may stay as they are, with their counts and waits; which have to go, and which to come. */
function pair(
  standing: readonly RuleView[],
  wanted: readonly unknown[],
  names: UpstreamNames,
  isLost: (rule: RuleView) => boolean,
) {
  const left = standing.filter((rule) => !isLost(rule));
  const kept: RuleView[] = [];
  const fresh = wanted.filter((rule) => {
    const text = JSON.stringify(specOf(parseRule(rule, names).spec));
    const at = left.findIndex((one) => JSON.stringify(specOf(one)) === text);
    if (at >= 0) kept.push(...left.splice(at, 1));
    return at < 0;
  });
  return { kept, fresh, gone: standing.filter((rule) => !kept.includes(rule)) };
}

interface Around {
  readonly old: UpstreamNames;
  readonly names: UpstreamNames;
  readonly removed: readonly string[];
  readonly isLost: (rule: RuleView) => boolean;
}

/** Nobody's rule is taken away behind their back. */
function checkOthers(others: readonly RuleView[], around: Around): void {
  const problems = others.flatMap((rule) => {
    const why = whyNot(rule, around);
    return why === undefined
      ? []
      : [`${rule.id} ${why}: lift it by "brownout fault remove ${rule.id}" first`];
  });
  if (problems.length > 0) throw new BrownoutError('in_use', problems.join('\n'));
}

function whyNot(rule: RuleView, { old, names, removed, isLost }: Around): string | undefined {
  const upstream = upstreamOf(rule, old);
  if (upstream === undefined) return undefined;
  const stands = `was added by the control API and stands on ${rule.on},`;
  if (removed.includes(upstream)) return `${stands} which would be gone`;
  if (isLost(rule)) return `${stands} which would speak otherwise`;
  if (rule.toxic) return undefined;
  try {
    parseRule(specOf(rule), names);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    return `${stands} where it could not stay (${messageOf(error)})`;
  }
}

/** The toxics that the file itself said of a proxy go with it. */
function withoutToxics(rules: readonly RuleView[], gone: readonly ProxySpec[]): RuleView[] {
  const own = new Set(
    gone.flatMap(({ name, toxics = [] }) => toxics.map((toxic) => `${name}/${toxic.name}`)),
  );
  return rules.filter(({ id, toxic }) => !toxic || !own.has(id));
}

/** A rule as it is written. */
function specOf({
  on,
  match,
  inject,
  trigger,
}: Pick<RuleView, 'on' | 'match' | 'inject' | 'trigger'>) {
  return { on, match, inject, trigger };
}

function upstreamOf({ on }: RuleView, names: UpstreamNames): string | undefined {
  if (Object.hasOwn(names, on)) return on;
  return Object.keys(names).find((upstream) =>
    names[upstream]?.calls.some((call) => call === on || `${upstream}.${call}` === on),
  );
}
