import { jsonOf, readFields } from './fields.ts';
import { populate, reset } from './many-proxies.ts';
import { bindable, isDoubtful, listenOf, replaceProxy } from './addresses.ts';
import {
  refused,
  shownProxy,
  shownToxics,
  type Call,
  type ProxyState,
  type Seen,
  type State,
  type Step,
} from './state.ts';
import { BAD_BODY, changedToxic, isRefusal, newToxic, type Refusal } from './toxic-types.ts';

/** What Toxiproxy's routes do, with the differences that are ours on purpose. Undefined for paths that are not theirs. */
export function toxiproxy(state: State, call: Call, seen: Seen): Step | undefined {
  const [method = '', path = ''] = call.line.split(' ');
  const [first, name, toxics, toxic, ...more] = path.slice(1).split('/').map(decodeURIComponent);
  if (more.length > 0) return undefined;
  if (first === 'populate' && name === undefined)
    return method === 'POST' ? populate(state, call, seen) : wrongMethod(state);
  if (first === 'reset' && name === undefined)
    return method === 'POST' ? reset(state, seen) : wrongMethod(state);
  if (first === 'version' && name === undefined)
    return method === 'GET' ? { expected: { status: 200 }, state } : wrongMethod(state);
  if (first !== 'proxies') return undefined;
  if (name === undefined) {
    if (method === 'POST') return create(state, call, seen);
    return method === 'GET' ? shown(state, listed(state)) : wrongMethod(state);
  }
  if (toxics !== undefined && toxics !== 'toxics') return undefined;
  const allowed =
    toxics !== undefined && toxic === undefined
      ? ['GET', 'POST']
      : ['GET', 'PATCH', 'POST', 'DELETE'];
  if (!allowed.includes(method)) return wrongMethod(state);
  const proxy = state.proxies.find((one) => one.name === name);
  if (!proxy) return missing(state, 'proxy', call, seen);
  if (toxics !== undefined) return ofToxics({ state, proxy, method, call, toxic, seen });
  if (method === 'GET') return shown(state, shownProxy(proxy));
  if (method === 'DELETE') return { expected: { status: 204 }, state: without(state, proxy) };
  return change(state, proxy, call, seen);
}

function create(state: State, call: Call, seen: Seen): Step {
  const fields = readFields(jsonOf(call.body), PROXY_FIELDS);
  if (!fields) return refusedBody(state, call);
  const { name = '', upstream = '', listen = '', enabled = true } = fields;
  if (name === '') return refused(state, 400, 'missing required field: name');
  if (upstream === '') return refused(state, 400, 'missing required field: upstream');
  if (state.proxies.some((one) => one.name === name))
    return refused(state, 409, 'proxy already exists');
  const wanted = { name, upstream, listen, enabled, toxics: [] };
  if (enabled && !bindable(state, listen)) return refused(state, 500);
  if (isDoubtful(wanted, seen)) return refused(state, seen.reply.status);
  const proxy = { ...wanted, listen: listenOf(wanted, seen) };
  return {
    expected: { status: 201, body: shownProxy(proxy) },
    state: { ...state, proxies: [...state.proxies, proxy] },
  };
}

function change(state: State, proxy: ProxyState, call: Call, seen: Seen): Step {
  const fields = readFields(jsonOf(call.body), PROXY_FIELDS);
  if (!fields) return refusedBody(state, call);
  const wanted = {
    ...proxy,
    ...(fields.listen === undefined ? {} : { listen: fields.listen }),
    ...(fields.upstream === undefined ? {} : { upstream: fields.upstream }),
    ...(fields.enabled === undefined ? {} : { enabled: fields.enabled }),
  };
  if (wanted.enabled && !bindable(state, wanted.listen, proxy)) return refused(state, 500);
  if (isDoubtful(wanted, seen)) return refused(state, seen.reply.status);
  const changed = { ...wanted, listen: listenOf(wanted, seen) };
  return {
    expected: { status: 200, body: shownProxy(changed) },
    state: replaceProxy(state, changed),
  };
}

interface ToxicCall {
  readonly state: State;
  readonly proxy: ProxyState;
  readonly method: string;
  readonly call: Call;
  readonly toxic: string | undefined;
  readonly seen: Seen;
}

function ofToxics({ state, proxy, method, call, toxic: name, seen }: ToxicCall): Step {
  const keep = (toxics: ProxyState['toxics']) => replaceProxy(state, { ...proxy, toxics });
  if (name === undefined) {
    if (method === 'GET') return shown(state, shownToxics(proxy.toxics));
    const added = newToxic(jsonOf(call.body), proxy.toxics);
    if (isRefusal(added)) return refusedToxic(state, call, added);
    return { expected: { status: 200, body: added }, state: keep([...proxy.toxics, added]) };
  }
  const toxic = proxy.toxics.find((one) => one.name === name);
  if (!toxic) return missing(state, 'toxic', call, seen);
  if (method === 'GET') return shown(state, toxic);
  if (method === 'DELETE') {
    return { expected: { status: 204 }, state: keep(proxy.toxics.filter((t) => t !== toxic)) };
  }
  const changed = changedToxic(toxic, jsonOf(call.body));
  if (isRefusal(changed)) return refusedToxic(state, call, changed);
  const all = proxy.toxics.map((one) => (one === toxic ? changed : one));
  return { expected: { status: 200, body: changed }, state: keep(all) };
}

/** Of a body that is none, and nothing to send it to, either may be told. */
function missing(state: State, what: string, call: Call, { reply }: Seen): Step {
  const told = call.body !== undefined && reply.status === 400;
  return told ? refused(state, 400) : refused(state, 404, `${what} not found`);
}

/** Where more than one thing is wrong and no document says which is told, each will do. */
function refusedToxic(state: State, call: Call, refusals: readonly Refusal[]): Step {
  const [first = BAD_BODY, ...others] = refusals;
  if (first === BAD_BODY) return refusedBody(state, call);
  if (others.length > 0) return refused(state, first.status, /./);
  return refused(state, first.status, first.error);
}

function refusedBody(state: State, call: Call): Step {
  const { status, error } = BAD_BODY;
  return refused(state, status, (call.body ?? '') === '' ? 'bad request body: EOF' : error);
}

function listed({ proxies }: State): object {
  return Object.fromEntries(proxies.map((proxy) => [proxy.name, shownProxy(proxy)]));
}

function shown(state: State, body: unknown): Step {
  return { expected: { status: 200, body }, state };
}

function without(state: State, proxy: ProxyState): State {
  return { ...state, proxies: state.proxies.filter((one) => one !== proxy) };
}

function wrongMethod(state: State): Step {
  return { expected: { status: 405 }, state };
}

const PROXY_FIELDS = {
  name: 'string',
  listen: 'string',
  upstream: 'string',
  enabled: 'boolean',
} as const;
