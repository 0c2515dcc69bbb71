import { isObject, jsonOf, readFields } from './fields.ts';
import { bindable, isAddress, isAnyPort, listenOf, replaceProxy } from './addresses.ts';
import {
  refused,
  shownProxy,
  type Call,
  type ProxyState,
  type Seen,
  type State,
  type Step,
  type ToxicState,
} from './state.ts';
import { isRefusal, newToxic } from './toxic-types.ts';

/** All or none; what stands already as it is asked for is left as it is. */
export function populate(state: State, call: Call, seen: Seen): Step {
  const list = jsonOf(call.body);
  if (!Array.isArray(list)) return failed(state, 400, /^bad request body: ./);
  const read = list.map((item: unknown) => readFields(item, FIELDS));
  if (read.includes(undefined)) return failed(state, 400, /^bad request body: ./);
  const wanted = list.map((item: unknown) => proxyOf(item, state));
  const wrong = wanted.some((proxy) => !proxy);
  for (const [i, { name = '', upstream = '' } = {}] of read.entries()) {
    if (name !== '' && upstream !== '') continue;
    const missing = name === '' ? 'name' : 'upstream';
    const error = `missing required field: ${missing} at proxy ${i + 1}`;
    // Of a toxic that is wrong besides, no document says whether it is told first.
    return failed(state, 400, wrong ? /./ : error);
  }
  const all = wanted.filter((proxy) => proxy !== undefined);
  const listens = all.map(({ listen }) => listen);
  const swaps = !inTurn(state, all) && atOnce(state, all);
  // Whether ports may change hands within one populate is not written anywhere.
  const fits = inTurn(state, all) || (swaps && seen.reply.status === 201);
  if (wrong) return failed(state, fits ? 400 : eitherOf(seen, 400, 500), /./);
  if (!fits) return failed(state, listens.every(isAddress) ? 500 : eitherOf(seen, 500, 400), /./);
  const made = all.map((proxy) => ({
    ...proxy,
    listen: listenOf(proxy, seen),
    toxics: inPlace(proxy, state, seen),
  }));
  return {
    expected: { status: 201, body: { proxies: made.length > 0 ? made.map(shownProxy) : null } },
    state: made.reduce(put, state),
  };
}

/** Enables what can be, and lifts every toxic; of two that want one port either may have it. */
export function reset(state: State, seen: Seen): Step {
  const clean: State = { ...state, proxies: state.proxies.map((one) => ({ ...one, toxics: [] })) };
  const enabled = clean.proxies
    .filter((one) => !one.enabled)
    .sort((a, b) => Number(isOn(seen, b)) - Number(isOn(seen, a)))
    .reduce<State>((before, proxy) => {
      if (!bindable(before, proxy.listen, proxy)) return before;
      const on = { ...proxy, enabled: true };
      return replaceProxy(before, { ...on, listen: listenOf(on, seen) });
    }, clean);
  const whole = enabled.proxies.every((one) => one.enabled);
  return { expected: whole ? { status: 204 } : { status: 500, error: /./ }, state: enabled };
}

function isOn({ proxies }: Seen, { name }: ProxyState): boolean {
  return proxies.get(name)?.enabled === true;
}

/**
 * The proxy that one item asks for: the one that stands at its addresses, but for what the item says of it besides.
 * Undefined where a toxic of it is wrong.
 */
function proxyOf(item: unknown, state: State): ProxyState | undefined {
  const { name = '', upstream = '', listen = '', enabled } = readFields(item, FIELDS) ?? {};
  const given: unknown = isObject(item) ? item['toxics'] : undefined;
  if (given !== undefined && !Array.isArray(given)) return undefined;
  const toxics: ToxicState[] = [];
  for (const one of (given ?? []) as unknown[]) {
    const toxic = newToxic(one, toxics);
    if (isRefusal(toxic)) return undefined;
    toxics.push(toxic);
  }
  const before = state.proxies.find((one) => one.name === name);
  // A port that the system chooses is never the same.
  const stays = before?.listen === listen && before.upstream === upstream && !isAnyPort(listen);
  if (!stays) return { name, upstream, listen, enabled: enabled ?? true, toxics };
  const changed = { ...before, enabled: enabled ?? before.enabled };
  return given === undefined ? changed : { ...changed, toxics };
}

/** Whether a toxic that was there keeps its place among those that come is not written anywhere. */
function inPlace({ name, toxics }: ProxyState, state: State, { proxies }: Seen): ToxicState[] {
  const before = state.proxies.find((one) => one.name === name)?.toxics ?? [];
  const had = toxics.some((toxic) => before.some((one) => one.name === toxic.name));
  const order = (proxies.get(name)?.toxics ?? []).map((toxic) => toxic.name);
  const place = (toxic: ToxicState) => order.indexOf(toxic.name);
  return had ? [...toxics].sort((a, b) => place(a) - place(b)) : [...toxics];
}

/** One after another, each stopped before it is started again. */
function inTurn(state: State, wanted: readonly ProxyState[]): boolean {
  let now = state;
  return wanted.every((proxy) => {
    const before = now.proxies.find(({ name }) => name === proxy.name);
    if (proxy.enabled && !bindable(now, proxy.listen, before)) return false;
    now = put(now, proxy);
    return true;
  });
}

/** All that are in the way stopped before any is started. */
function atOnce(state: State, wanted: readonly ProxyState[]): boolean {
  const names = wanted.map(({ name }) => name);
  const others = state.proxies.filter(({ name }) => !names.includes(name));
  return inTurn({ ...state, proxies: others }, wanted);
}

function put(state: State, proxy: ProxyState): State {
  if (state.proxies.some(({ name }) => name === proxy.name)) return replaceProxy(state, proxy);
  return { ...state, proxies: [...state.proxies, proxy] };
}

function eitherOf({ reply }: Seen, likely: number, other: number): number {
  return reply.status === other ? other : likely;
}

/** Besides the error it tells which proxies were made: none. */
function failed(state: State, status: number, error: string | RegExp): Step {
  const step = refused(state, status, error);
  return { ...step, expected: { ...step.expected, members: { proxies: NONE } } };
}

/** An empty list, or null, as Go writes it. */
export const NONE = Symbol('no proxies');

const FIELDS = {
  name: 'string',
  listen: 'string',
  upstream: 'string',
  enabled: 'boolean',
} as const;
