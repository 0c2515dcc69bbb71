import type { ActiveRule } from './active-rule.ts';
import type { RequestHead } from './exchange.ts';
import { firstSegment, withoutEndSlashes } from './path-key.ts';
import type { PlannedRule } from './rule-spec.ts';

/** Where a request came in: rules of another run or upstream do not see it. */
export interface Scope {
  readonly run: string | null;
  readonly upstream: string;
}

/**
 * Rules by what they may be meant by: a request costs what the rules cost that can act on it, not what all that stand
 * would. A list it gives is in the order in which the rules came; where it would be empty it is `NO_RULES`.
 */
export interface RuleIndex {
  add(rule: ActiveRule): void;
  remove(rule: ActiveRule): void;
  /** The rules that act on the connections of a scope. */
  ofConnection(scope: Scope): readonly ActiveRule[];
  /** The rules that mean this request, by all that its head tells. */
  ofRequest(scope: Scope, request: RequestHead, call: string | null): readonly ActiveRule[];
}

export const NO_RULES: readonly ActiveRule[] = Object.freeze([]);

export function createRuleIndex(): RuleIndex {
  const runs = new Map<string | null, Map<string, Shelf>>();

  return {
    add(rule) {
      const shelves = getOrPut(runs, rule.run, () => new Map<string, Shelf>());
      const shelf = getOrPut(shelves, rule.planned.upstream, createShelf);
      for (const [box, key] of placesOf(rule.planned)) getOrPut(shelf[box], key, list).push(rule);
    },
    remove(rule) {
      const shelves = runs.get(rule.run);
      const shelf = shelves?.get(rule.planned.upstream);
      if (!shelves || !shelf) return;
      for (const [box, key] of placesOf(rule.planned)) {
        const rules = shelf[box].get(key) ?? [];
        const place = rules.indexOf(rule);
        if (place >= 0) rules.splice(place, 1);
        if (rules.length === 0) shelf[box].delete(key);
      }
      if (Object.values(shelf).every((box) => box.size === 0))
        shelves.delete(rule.planned.upstream);
      if (shelves.size === 0) runs.delete(rule.run);
    },
    ofConnection(scope) {
      const own = shelfOf(scope.run, scope.upstream)?.connections.get(ALL);
      const common = unscoped(scope)?.connections.get(ALL);
      return inOrder(own && common ? [...own, ...common] : (own ?? common));
    },
    ofRequest(scope, request, call) {
      const own = meant(shelfOf(scope.run, scope.upstream), request, call, undefined);
      return inOrder(meant(unscoped(scope), request, call, own));
    },
  };

  function shelfOf(run: string | null, upstream: string): Shelf | undefined {
    return runs.get(run)?.get(upstream);
  }

  function unscoped({ run, upstream }: Scope): Shelf | undefined {
    return run === null ? undefined : shelfOf(null, upstream);
  }
}

/** The rules of one run and upstream. */
interface Shelf {
  readonly connections: Box;
  readonly calls: Box;
  readonly paths: Box;
  readonly segments: Box;
  readonly others: Box;
}
type Box = Map<string, ActiveRule[]>;

function createShelf(): Shelf {
  const box = (): Box => new Map();
  return { connections: box(), calls: box(), paths: box(), segments: box(), others: box() };
}

function placesOf({ faults, call, match }: PlannedRule): [keyof Shelf, string][] {
  const places: [keyof Shelf, string][] = [];
  if (faults.some(({ level }) => level === 'connection')) places.push(['connections', ALL]);
  if (!faults.some(({ level }) => level === 'request')) return places;
  const key = match?.pathKey;
  if (call !== undefined) places.push(['calls', call]);
  else if (!key) places.push(['others', ALL]);
  else places.push('path' in key ? ['paths', key.path] : ['segments', key.segment]);
  return places;
}

/** Asked for every request: nothing is made where no rule is meant. */
function meant(
  shelf: Shelf | undefined,
  request: RequestHead,
  call: string | null,
  found: ActiveRule[] | undefined,
): ActiveRule[] | undefined {
  if (!shelf) return found;
  const { calls, paths, segments, others } = shelf;
  let all = found;
  if (call !== null && calls.size > 0) all = adding(all, calls.get(call), request);
  if (paths.size > 0) all = adding(all, paths.get(withoutEndSlashes(request.path)), request);
  if (segments.size > 0) {
    const segment = firstSegment(request.path);
    if (segment !== undefined) all = adding(all, segments.get(segment), request);
  }
  return adding(all, others.get(ALL), request);
}

function adding(
  found: ActiveRule[] | undefined,
  rules: readonly ActiveRule[] | undefined,
  request: RequestHead,
): ActiveRule[] | undefined {
  if (!rules) return found;
  let all = found;
  for (const rule of rules) {
    const { match } = rule.planned;
    if (!match || match.request(request)) (all ??= []).push(rule);
  }
  return all;
}

function inOrder(rules: readonly ActiveRule[] | undefined): readonly ActiveRule[] {
  if (!rules) return NO_RULES;
  return rules.length < 2 ? rules : [...rules].sort((a, b) => a.counts.order - b.counts.order);
}

function getOrPut<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const made = map.get(key) ?? make();
  map.set(key, made);
  return made;
}

function list(): ActiveRule[] {
  return [];
}

/** The key in a box that is not divided. */
const ALL = '';
