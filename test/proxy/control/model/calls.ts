import * as fc from 'fast-check';
import type { Call } from './state.ts';
import { TOXIC_TYPES } from './toxic-types.ts';
import { WRITTEN_RULES, WRONG_RULES, TTLS, WRONG_TTLS } from './written-rules.ts';

/** One call, right or wrong. `@1` and the like stand for addresses, which differ from one machine to another. */
export function anyCall(): fc.Arbitrary<Call> {
  return fc.oneof(
    { weight: 12, arbitrary: createProxy },
    { weight: 10, arbitrary: changeProxy },
    { weight: 3, arbitrary: line('DELETE', proxyPath) },
    { weight: 3, arbitrary: line('GET', proxyPath) },
    { weight: 12, arbitrary: addToxic },
    { weight: 7, arbitrary: changeToxic },
    { weight: 4, arbitrary: line('DELETE', toxicPath) },
    { weight: 3, arbitrary: line('GET', toxicPath) },
    { weight: 2, arbitrary: line('GET', toxicsPath) },
    { weight: 6, arbitrary: populate },
    { weight: 1, arbitrary: fc.constant({ line: 'POST /reset' }) },
    { weight: 9, arbitrary: addRules },
    { weight: 5, arbitrary: arm },
    { weight: 4, arbitrary: replaceRule },
    { weight: 6, arbitrary: line('DELETE', rulePath) },
    { weight: 2, arbitrary: line('GET', rulePath) },
    { weight: 6, arbitrary: fc.constantFrom(...OTHERS).map((text) => ({ line: text })) },
    { weight: 6, arbitrary: wrongBody },
  );
}

const one = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> =>
  fc.constantFrom<T[number]>(...values);
/** Mostly the first, now and then the second. */
const mostly = <T, U>(often: fc.Arbitrary<T>, seldom: fc.Arbitrary<U>, weight = 12) =>
  fc.oneof({ weight, arbitrary: often }, { weight: 1, arbitrary: seldom });
/** Some members, or all. */
const some = <T>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(members, { requiredKeys: [] });

const name = one('p1', 'p2', 'p3', 'p4', 'a x', 'constructor', '__proto__', 'stats');
/** `stats` was there before, is spoken HTTP to, and stays. */
const path = mostly(
  one('p1', 'p2', 'p3', 'p4', 'a x', 'constructor', '__proto__').map(encodeURIComponent),
  one('nobody'),
).map((text) => `/proxies/${text}`);
const toxicName = one('t1', 't2', 'latency_downstream', 'timeout_upstream', 'a t', '__proto__');
const proxyPath = path;
const poisonedPath = mostly(path, fc.constant('/proxies/stats'), 6);
const toxicsPath = poisonedPath.map((text) => `${text}/toxics`);
const toxicPath = fc
  .tuple(toxicsPath, mostly(toxicName, one('none')))
  .map(([text, toxic]) => `${text}/${encodeURIComponent(toxic)}`);

const listen = mostly(one('@1', '@2', '@3', '@4', '@any'), one('@taken', 'nonsense', '', 5));
const upstream = mostly(one('@A', '@B'), one('', 5), 20);
const isOn = mostly(one(true, false), one('yes', 1), 15);

const createProxy = body(
  one('POST /proxies'),
  fc.record(
    { name: mostly(name, one('', 5), 20), upstream, listen, enabled: isOn, whatever: one(1) },
    { requiredKeys: ['name', 'upstream'] },
  ),
);
const changeProxy = fc.oneof(
  {
    weight: 9,
    arbitrary: body(
      patch(path),
      some({ listen: listen.filter((text) => text !== ''), upstream: upstreamOf(), enabled: isOn }),
    ),
  },
  { weight: 2, arbitrary: body(patch(one('/proxies/stats')), some({ enabled: isOn })) },
);

const number = mostly(one(0, 1, 7, 20), one(1.5, 'x'), 20);
const attributesOf = (type: string) =>
  fc.dictionary(
    fc.constantFrom(...(TOXIC_TYPES[type] ?? []), 'whatever'),
    mostly(number, one(type === 'bandwidth' ? -1 : 30)),
    { maxKeys: 3, noNullPrototype: true },
  );
const type = one(...Object.keys(TOXIC_TYPES), 'slicer', 'latency');
const anyToxic = type.chain((kind) =>
  fc.record(
    {
      type: mostly(fc.constant(kind), one('latencyy', 5, '', 'toString'), 25),
      name: mostly(toxicName, one('', 5), 15),
      stream: mostly(one('upstream', 'downstream', 'Upstream', 'DOWNSTREAM'), one('sideways', 5)),
      toxicity: mostly(one(1, 0.5, 0), one(7, -0.5, 'x')),
      attributes: mostly(
        kind === 'slicer' ? mostly(slices(), attributesOf(kind), 5) : attributesOf(kind),
        one(5),
        25,
      ),
      latency: one(3),
    },
    { requiredKeys: ['type'] },
  ),
);
const addToxic = body(
  toxicsPath.map((text) => `POST ${text}`),
  anyToxic,
);
const changeToxic = body(
  patch(toxicPath),
  type.chain((kind) =>
    some({
      attributes: mostly(attributesOf(kind), one('x'), 15),
      toxicity: mostly(one(1, 0.3), one(7, 'x')),
      name: one('other'),
      latency: one(9),
    }),
  ),
);

const populated = fc.oneof(
  fc.record(
    { name: mostly(name.filter(notStats), one(''), 25), upstream, listen, enabled: isOn },
    { requiredKeys: ['name', 'upstream', 'listen'] },
  ),
  fc.record({
    name: name.filter(notStats),
    upstream: one('@A', '@B'),
    listen: one('@any', '@1', '@2'),
    toxics: fc.array(anyToxic, { maxLength: 2 }),
  }),
);
const populate = body(
  one('POST /populate'),
  mostly(
    fc.uniqueArray(populated, { selector: (item) => item.name, maxLength: 3 }),
    one({ name: 'p1', upstream: '@A', listen: '@1' }, [5], 'x'),
  ),
);

const run = mostly(one(undefined, 'a', 'b'), one('', 5), 20);
const rule = mostly(fc.constantFrom(...WRITTEN_RULES), fc.constantFrom(...WRONG_RULES), 8);
const addRules = body(
  one('POST /v1/rules'),
  mostly(
    fc.record({ rules: fc.array(rule, { maxLength: 3 }), run }),
    one({ rules: [], run: 'a', more: 1 }, {}, { rules: {} }, [], 5),
  ),
);
const arm = body(
  one('POST /v1/arm'),
  mostly(
    fc.record({ rule, run, ttl: mostly(one(...TTLS), one(...WRONG_TTLS), 10) }),
    one({}, { rule: WRITTEN_RULES[0], tll: '1s' }, { rules: [] }, [], 5),
  ),
);
const ruleId = mostly(
  fc.oneof(
    fc.integer({ min: 1, max: 20 }).map((n) => `r${n}`),
    fc.tuple(one('a', 'b'), fc.integer({ min: 1, max: 9 })).map(([of, n]) => `${of}.r${n}`),
    fc.tuple(name, toxicName).map(([of, toxic]) => `${of}/${toxic}`),
  ),
  one('r0', 'p1', '__proto__', 'p1/'),
);
const rulePath = ruleId.map((id) => `/v1/rules/${encodeURIComponent(id)}`);
const replaceRule = body(
  rulePath.map((text) => `PUT ${text}`),
  rule,
);

/** What no body of that call could be, or what Toxiproxy's routes take and ours do not. */
const wrongBody: fc.Arbitrary<Call> = fc.oneof(
  fc.record({
    line: one('POST /proxies', 'PATCH /proxies/p1', 'POST /proxies/p1/toxics', 'POST /populate'),
    body: one('', '{', '[', '"x"', '5', '[5]', '{"name":}', '\0'),
  }),
  fc.record({
    line: one('POST /v1/rules', 'POST /v1/arm', 'PUT /v1/rules/r1'),
    body: one('', '{', '"x"', '\0'),
  }),
  fc.record({
    line: one('POST /v1/rules', 'POST /v1/arm'),
    body: one('{"rules":[]}'),
    type: one('text/plain', 'application/x-www-form-urlencoded'),
  }),
  fc.record({
    line: one('POST /proxies'),
    body: one('{"name":"p1","listen":"@1","upstream":"@A"}'),
    type: one('text/plain', 'application/x-www-form-urlencoded'),
  }),
);

const OTHERS = [
  'GET /proxies',
  'GET /version',
  'GET /metrics',
  'GET /v1',
  'GET /v1/faults',
  'GET /v1/rules',
  'GET /v1/rules?run=a',
  'GET /v1/rules?run=',
  'GET /v1/rules?rnu=a',
  'GET /v1/journal?since=0',
  'GET /v1/journal?since=x',
  'DELETE /v1/journal?run=a',
  'DELETE /v1/journal',
  'DELETE /v1/rules',
  'DELETE /v1/rules?run=a',
  'DELETE /v1/rules?run=b',
  'DELETE /v1/rules?run=',
  'PUT /proxies',
  'PUT /proxies/p1',
  'PUT /proxies/p1/toxics',
  'GET /populate',
  'GET /reset',
  'DELETE /version',
  'PATCH /v1/rules',
  'POST /v1',
  'GET /v1/arm',
  'GET /nowhere',
  'GET /proxies/p1/toxics/t1/more',
] as const;

function patch(paths: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(mostly(one('PATCH'), one('POST'), 2), paths).map((words) => words.join(' '));
}

function line(method: string, paths: fc.Arbitrary<string>): fc.Arbitrary<Call> {
  return paths.map((text) => ({ line: `${method} ${text}` }));
}

function body(lines: fc.Arbitrary<string>, bodies: fc.Arbitrary<unknown>): fc.Arbitrary<Call> {
  return fc
    .tuple(lines, bodies)
    .map(([text, value]) => ({ line: text, body: JSON.stringify(value) }));
}

/** A slicer that can slice. */
function slices() {
  return fc.record(
    { average_size: one(10, 300), size_variation: one(0, 5), delay: one(0, 100) },
    { requiredKeys: ['average_size'] },
  );
}

/** Nothing says what an empty one would be. */
function upstreamOf() {
  return mostly(one('@A', '@B'), one(5), 20);
}

function notStats(text: string): boolean {
  return text !== 'stats';
}
