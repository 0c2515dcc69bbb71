import { isObject, jsonOf } from './fields.ts';
import { replaceProxy } from './addresses.ts';
import { refused, type Call, type RuleState, type Seen, type State, type Step } from './state.ts';
import { RULES, TTLS, WRONG_RULES } from './written-rules.ts';

/** What the native routes do. Undefined for paths that are not theirs. */
export function native(state: State, call: Call, seen: Seen): Step | undefined {
  const [method = '', target = ''] = call.line.split(' ');
  const { pathname, searchParams: query } = new URL(target, 'http://control');
  const route = ROUTES.find(({ path }) => path.test(pathname));
  if (!route) return undefined;
  if (!route.methods.includes(method)) return { expected: { status: 405 }, state };
  const id = decodeURIComponent(/^\/v1\/rules\/(.+)$/.exec(pathname)?.[1] ?? '');
  if (id !== '') return ofOne(state, method, id, call);
  if (method === 'POST' && !isJson(call)) return refused(state, 415);
  if (pathname === '/v1/arm') return arm(state, call, seen);
  if (pathname === '/v1/rules' && method === 'POST') return add(state, call);
  if (!pathname.startsWith('/v1/rules') && !pathname.startsWith('/v1/journal'))
    return { expected: { status: 200 }, state };
  const known = pathname === '/v1/rules' ? ['run'] : method === 'GET' ? ['run', 'since'] : ['run'];
  const strange = [...query.keys()].some((key) => !known.includes(key));
  if (strange || query.get('run') === '' || /\D/.test(query.get('since') ?? ''))
    return refused(state, 400);
  const run = query.get('run') ?? undefined;
  if (pathname === '/v1/journal') return ofJournal(state, method, run);
  return method === 'GET' ? list(state, run) : clear(state, run);
}

function list(state: State, run: string | undefined): Step {
  const rules = state.rules.filter((rule) => run === undefined || rule.run === run);
  const toxics = run === undefined ? toxicRules(state) : [];
  return { expected: { status: 200, members: { rules: [...rules, ...toxics] } }, state };
}

function add(state: State, call: Call): Step {
  const body = jsonOf(call.body);
  const { rules, run, ...others } = isObject(body) ? body : {};
  const named = run === undefined || (typeof run === 'string' && run !== '');
  if (!named || !Array.isArray(rules) || Object.keys(others).length > 0) return refused(state, 400);
  if (rules.some((rule) => isWrong(rule))) return refused(state, 400);
  let next = state;
  for (const rule of rules as unknown[]) next = withRule(next, rule, run);
  const added = next.rules.slice(state.rules.length);
  return { expected: { status: 201, body: { rules: added } }, state: next };
}

/** Which id an armed rule is given is not written anywhere: one that no other has. */
function arm(state: State, call: Call, { reply }: Seen): Step {
  const body = jsonOf(call.body);
  const { rule, run, ttl, ...others } = isObject(body) ? body : {};
  const named = run === undefined || (typeof run === 'string' && run !== '');
  const lasting = ttl === undefined || TTLS.includes(ttl as string);
  const strange = Object.keys(others).length > 0 || !named || !lasting;
  if (strange || rule === undefined || isWrong(rule)) return refused(state, 400);
  // It acts once: a trigger that says otherwise is refused.
  if (isObject(rule) && 'trigger' in rule) return refused(state, 400, /trigger/);
  const given = isObject(reply.body) ? reply.body['id'] : undefined;
  const id = typeof given === 'string' && !state.rules.some((r) => r.id === given) ? given : 'new';
  const counted = withRule(state, rule, run);
  const added = { ...(counted.rules.at(-1) as RuleState), id, armed: true as const };
  const { armed: _, ...shown } = added;
  const numbers = counted.rules.at(-1)?.id === id ? counted.numbers : state.numbers;
  return {
    expected: { status: 201, members: shown },
    state: { ...state, rules: [...state.rules, added], numbers },
  };
}

function ofOne(state: State, method: string, id: string, call: Call): Step {
  const rule = state.rules.find((one) => one.id === id);
  const toxic = toxicRules(state).find((one) => one.id === id);
  if (!rule && !toxic) return refused(state, 404);
  if (method === 'GET')
    return { expected: { status: 200, members: shownRule(rule ?? toxic) }, state };
  if (method === 'DELETE') return { expected: { status: 204 }, state: without(state, [id]) };
  if (!isJson(call)) return refused(state, 415);
  const written = jsonOf(call.body);
  if (written === undefined) return refused(state, 400);
  if (!rule) return refused(state, 409, /\/proxies\//);
  if (rule.armed) return refused(state, 409, /armed/);
  if (isWrong(written)) return refused(state, 400);
  const run = rule.run === undefined ? {} : { run: rule.run };
  const changed = { id, ...run, ...(RULES.get(JSON.stringify(written)) as object) } as RuleState;
  const rules = state.rules.map((one) => (one === rule ? changed : one));
  return { expected: { status: 200, body: changed }, state: { ...state, rules } };
}

function clear(state: State, run: string | undefined): Step {
  const own = state.rules.filter((rule) => run === undefined || rule.run === run);
  const ids = [...own, ...(run === undefined ? toxicRules(state) : [])].map(({ id }) => id);
  const expected = { status: 200, body: { removed: ids.length } };
  return { expected, state: without(state, ids) };
}

function ofJournal(state: State, method: string, run: string | undefined): Step {
  if (method === 'GET') return { expected: { status: 200 }, state };
  if (run === undefined) return refused(state, 400);
  const { [run]: _, ...numbers } = state.numbers;
  const stands = state.rules.some((rule) => rule.run === run);
  return { expected: { status: 204 }, state: stands ? state : { ...state, numbers } };
}

function withRule(state: State, rule: unknown, run: string | undefined): State {
  const number = (state.numbers[run ?? ''] ?? 0) + 1;
  const id = run === undefined ? `r${number}` : `${run}.r${number}`;
  const shown = RULES.get(JSON.stringify(rule)) as object;
  const added = { id, ...(run === undefined ? {} : { run }), ...shown } as RuleState;
  return {
    ...state,
    rules: [...state.rules, added],
    numbers: { ...state.numbers, [run ?? '']: number },
  };
}

/** Lifts rules; a toxic is lifted by its rule. */
function without(state: State, ids: readonly string[]): State {
  const kept: State = { ...state, rules: state.rules.filter(({ id }) => !ids.includes(id)) };
  return state.proxies.reduce<State>((next, proxy) => {
    const toxics = proxy.toxics.filter(({ name }) => !ids.includes(`${proxy.name}/${name}`));
    return replaceProxy(next, { ...proxy, toxics });
  }, kept);
}

/** As they stand among the rules: what else such a rule shows is not written anywhere. */
export function toxicRules({ proxies }: State): { id: string; on: string; toxic: object }[] {
  return proxies.flatMap(({ name: on, toxics }) =>
    toxics.map((toxic) => ({ id: `${on}/${toxic.name}`, on, toxic })),
  );
}

export function shownRule(rule: object | undefined): Record<string, unknown> {
  const { armed: _, ...shown } = (rule ?? {}) as Record<string, unknown>;
  return shown;
}

function isWrong(rule: unknown): boolean {
  if (rule === undefined) return true;
  const text = JSON.stringify(rule);
  if (!RULES.has(text) && !WRONG_RULES.some((wrong) => JSON.stringify(wrong) === text))
    throw new Error(`the model knows no rule ${text}`);
  return !RULES.has(text);
}

function isJson({ type, body }: Call): boolean {
  return body !== undefined && (type ?? 'application/json') === 'application/json';
}

const ROUTES: readonly { readonly path: RegExp; readonly methods: readonly string[] }[] = [
  { path: /^\/v1$/, methods: ['GET'] },
  { path: /^\/v1\/faults$/, methods: ['GET'] },
  { path: /^\/v1\/rules$/, methods: ['GET', 'POST', 'DELETE'] },
  { path: /^\/v1\/rules\/[^/]+$/, methods: ['GET', 'PUT', 'DELETE'] },
  { path: /^\/v1\/arm$/, methods: ['POST'] },
  { path: /^\/v1\/journal$/, methods: ['GET', 'DELETE'] },
  { path: /^\/metrics$/, methods: ['GET'] },
];
