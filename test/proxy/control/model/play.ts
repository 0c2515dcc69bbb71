import { isDeepStrictEqual } from 'node:util';
import { createRandom } from '../../../../src/common/random.ts';
import { isObject } from './fields.ts';
import { isAnyPort } from './addresses.ts';
import { NONE } from './many-proxies.ts';
import { native, shownRule, toxicRules } from './native.ts';
import {
  shownProxy,
  type Call,
  type Expected,
  type ProxyState,
  type Reply,
  type State,
} from './state.ts';
import { toxiproxy } from './toxiproxy.ts';
import { exchange, startTraffic, textFor } from './traffic.ts';
import { createWorld, isFree, proxiesIn, type World } from './world.ts';

/** What calls have cost, and what passed meanwhile. */
export interface Played {
  readonly calls: number;
  readonly slowestMs: number;
  readonly slowest: string;
  readonly whole: number;
  readonly cut: number;
}

/**
 * Makes calls one after another while traffic flows, and compares each answer, and all that stands after it, with the
 * model. At the end all is deleted, and every port must be free.
 * @throws {Error} that says which call went wrong, and how
 */
export async function play(calls: readonly Call[]): Promise<Played> {
  await using world = await createWorld();
  let state = await stateAtFirst(world);
  const traffic = startTraffic(() => state, world.stats);
  const random = createRandom('checks');
  let [slowestMs, slowest] = [0, ''];
  try {
    for (const [i, written] of [...calls, ...LAST].entries()) {
      const call = inWorld(written, world);
      const reply = await world.ask(call);
      if (reply.ms > slowestMs) [slowestMs, slowest] = [reply.ms, call.line];
      const [listed, rules] = [await world.ask(PROXIES), await world.ask(NATIVE_RULES)];
      try {
        const step = stepOf(state, call, { reply, proxies: proxiesIn(listed) });
        compare('the answer', reply, step.expected);
        ({ state } = step);
        compareAll(state, listed, rules);
        if (i % 10 === 9) await probe(state, world, random);
      } catch (error) {
        throw new Error(`call ${i + 1}, ${JSON.stringify(call)}: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
    state = await removeAll(state, world);
  } finally {
    await traffic.stop();
  }
  if (traffic.garbled.length > 0) throw new Error(`garbled: ${traffic.garbled.join('\n')}`);
  await allFree(world);
  return { calls: calls.length, slowestMs, slowest, ...traffic.counts };
}

function stepOf(state: State, call: Call, seen: Parameters<typeof toxiproxy>[2]) {
  return (
    toxiproxy(state, call, seen) ??
    native(state, call, seen) ?? { expected: { status: 404 }, state }
  );
}

/** Before any call: one upstream that was opened by other means, which is listed as any proxy. */
async function stateAtFirst(world: World): Promise<State> {
  const shown = proxiesIn(await world.ask(PROXIES)).get('stats');
  const { listen = world.stats, upstream = '' } = shown ?? {};
  const stats: ProxyState = { name: 'stats', listen, upstream, enabled: true, toxics: [] };
  same('stats, opened before', shown, shownProxy(stats));
  same('where stats listens', listen, world.stats);
  return { proxies: [stats], rules: [], numbers: {}, taken: [world.addresses['@taken'] ?? ''] };
}

function inWorld({ line, body, type }: Call, { addresses }: World): Call {
  const put = (text: string) =>
    Object.entries(addresses).reduce(
      (all, [key, own]) => all.replaceAll(`"${key}"`, `"${own}"`),
      text,
    );
  return { line, ...(body === undefined ? {} : { body: put(body) }), ...(type ? { type } : {}) };
}

function compare(what: string, { status, body }: Reply, expected: Expected): void {
  const shown = `${status} ${JSON.stringify(body)}`;
  if (status !== expected.status)
    throw new Error(`${what}: expected ${expected.status}${said(expected)}, got ${shown}`);
  if ('body' in expected) same(what, body, expected.body);
  if (expected.error !== undefined) {
    const { error, status: told } = isObject(body) ? body : {};
    const text = typeof error === 'string' ? error : '';
    const { error: wanted } = expected;
    const fits = typeof wanted === 'string' ? text === wanted : wanted.test(text);
    if (!fits || told !== status)
      throw new Error(`${what}: expected${said(expected)}, got ${shown}`);
  }
  for (const [key, value] of Object.entries(expected.members ?? {})) {
    const own = isObject(body) ? body[key] : undefined;
    if (value === NONE) same(`${what}: ${key}`, own ?? [], []);
    else if (key === 'rules') sameRules(own, value);
    else same(`${what}: ${key}`, own, value);
  }
}

function said({ error, body }: Expected): string {
  if (error !== undefined) return ` with the error ${String(error)}`;
  return body === undefined ? '' : ` ${JSON.stringify(body)}`;
}

function compareAll(state: State, listed: Reply, rules: Reply): void {
  const shown = Object.fromEntries(state.proxies.map((one) => [one.name, shownProxy(one)]));
  same('all proxies', listed.body, shown);
  sameRules(isObject(rules.body) ? rules.body['rules'] : undefined, [
    ...state.rules,
    ...toxicRules(state),
  ]);
}

/** Native rules in their order, and those of toxics in any: these, and an armed rule, may show more than is asked of them. */
function sameRules(shown: unknown, wanted: unknown): void {
  const [got, asked] = [shown, wanted] as Record<string, unknown>[][];
  const isToxic = (rule: Record<string, unknown>) => 'toxic' in rule;
  const order = (a: Record<string, unknown>, b: Record<string, unknown>) =>
    String(a['id']) < String(b['id']) ? -1 : 1;
  const split = (rules: Record<string, unknown>[] = []) => [
    ...rules.filter((rule) => !isToxic(rule)),
    ...rules.filter(isToxic).sort(order),
  ];
  const [all, want] = [split(got), split(asked)];
  same('the ids of all rules', all.map(idOf), want.map(idOf));
  for (const [i, rule] of want.entries()) {
    const own = all[i] ?? {};
    const keys = 'armed' in rule || isToxic(rule) ? Object.keys(shownRule(rule)) : Object.keys(own);
    same(`the rule ${idOf(rule)}`, picked(own, keys), shownRule(rule));
  }
}

function idOf(rule: Readonly<Record<string, unknown>>): string {
  return String(rule['id']);
}

function picked(rule: Readonly<Record<string, unknown>>, keys: readonly string[]): object {
  return Object.fromEntries(keys.filter((key) => key in rule).map((key) => [key, rule[key]]));
}

function same(what: string, got: unknown, wanted: unknown): void {
  const plain = (value: unknown): unknown =>
    value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  if (isDeepStrictEqual(plain(got), plain(wanted))) return;
  throw new Error(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
}

/** What a client finds: each healthy proxy passes all, to its own upstream, and a disabled one refuses. */
async function probe(state: State, world: World, random: () => number): Promise<void> {
  const { addresses, stats } = world;
  for (const proxy of state.proxies) {
    const { name, listen, upstream, enabled, toxics } = proxy;
    const isStats = listen === stats;
    if (enabled && toxics.length === 0) {
      const told = await exchange(listen, textFor(isStats, random), 10_000);
      const from = upstream === addresses['@A'] ? 'A' : 'B';
      if (!told.whole || (!isStats && told.from !== from))
        throw new Error(`${name} is healthy, but ${JSON.stringify(told)} of ${from}`);
    } else if (!enabled && !isAnyPort(listen) && !isHeld(state, listen)) {
      const told = await exchange(listen, textFor(isStats, random), 10_000);
      if (!told.refused) throw new Error(`${name} is disabled, but ${JSON.stringify(told)}`);
    }
  }
}

function isHeld({ proxies, taken }: State, listen: string): boolean {
  const held = proxies.some((one) => one.enabled && one.listen === listen);
  return held || taken.includes(listen) || !/:\d+$/.test(listen);
}

async function removeAll(state: State, world: World): Promise<State> {
  for (const { name } of state.proxies) {
    const { status, body } = await world.ask({
      line: `DELETE /proxies/${encodeURIComponent(name)}`,
    });
    if (status !== 204) throw new Error(`deleting ${name}: ${status} ${JSON.stringify(body)}`);
  }
  const [listed, rules] = [await world.ask(PROXIES), await world.ask(NATIVE_RULES)];
  same('proxies at the end', listed.body, {});
  same('rules at the end', rules.body, { rules: [] });
  return { ...state, proxies: [] };
}

async function allFree({ addresses, stats }: World): Promise<void> {
  const own = Object.entries(addresses).filter(([key]) => /^@\d/.test(key));
  for (const address of [...own.map(([, listen]) => listen), stats]) {
    const [host = '', port] = address.split(':');
    if (!(await isFree(host, Number(port)))) throw new Error(`${address} is not free at the end`);
  }
}

const PROXIES: Call = { line: 'GET /proxies' };
const NATIVE_RULES: Call = { line: 'GET /v1/rules' };
/** Rules on an upstream that goes are no one's: they are lifted before. */
const LAST: readonly Call[] = [{ line: 'DELETE /v1/rules' }];
