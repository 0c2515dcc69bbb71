import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SCHEMA_KINDS, type SchemaKind } from '../../src/scenario/format/kinds.ts';
import { schemaOf } from '../../src/scenario/format/schema.ts';
import { CONTRACT, SCENARIO, SYSTEM } from './run-files.ts';
import { SHIPPED } from './shipped.ts';

/** The kinds of file that people write. */
const KINDS = SCHEMA_KINDS.filter((kind) => kind !== 'result');
const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  allErrors: true,
});
const validators = Object.fromEntries(KINDS.map((kind) => [kind, ajv.compile(schemaOf(kind))]));

function accepts(kind: SchemaKind, value: unknown): boolean {
  return validators[kind]?.(structuredClone(value)) === true;
}

describe('the JSON Schemas', () => {
  for (const { name, value, kind } of SHIPPED) {
    it(`accept ${name}`, () => {
      expect(accepts(kind, value), JSON.stringify(validators[kind]?.errors)).to.equal(true);
    });
  }

  it('know every kind of the files that are shipped', () => {
    expect(new Set(SHIPPED.map(({ kind }) => kind))).to.deep.equal(new Set(KINDS));
  });

  for (const { name, value, kind } of SHIPPED) {
    it(`refuse a misspelt key anywhere in ${name}`, () => {
      for (const path of objectsIn(value)) {
        const changed = structuredClone(value);
        (at(changed, path) as Record<string, unknown>)['misspelt'] = 1;
        expect(accepts(kind, changed), `/${path.join('/')}`).to.equal(false);
      }
    });
  }

  const good: Record<string, [SchemaKind, object]> = {
    'a whole fault from the matrix': ['scenario', { faults: ['${rule}'] }],
    'all faults from the matrix': ['scenario', { faults: '${rules}' }],
    'a duration from the matrix': ['scenario', { recovery: { within: '${time}' } }],
    'a duration in part from the matrix': ['scenario', { recovery: { within: '${n}s' } }],
    'a count from the matrix': ['scenario', { steps: [{ send: 'page', repeat: '${n}' }] }],
    'a status from the matrix': ['scenario', { expect: { status: '${code}' } }],
    'a fault’s parameter from the matrix': [
      'scenario',
      { faults: [{ on: 'stats', inject: { status: '${code}' }, trigger: { first: '${n}' } }] },
    ],
    'a fault in a list from the matrix': [
      'scenario',
      { faults: [{ on: 'stats', inject: ['reset', '${fault}'] }] },
    ],
    'a list of broken calls from the matrix': ['scenario', { expect: { degraded: '${calls}' } }],
    'a preset by its name, and one that is written': [
      'scenario',
      { presets: { offline: { on: 'stats', inject: 'refuse' } }, faults: ['offline', '${preset}'] },
    ],
    'a preset of a system': [
      'system',
      { presets: { slow: { on: 'x', inject: { latency: '1s' } } } },
    ],
    'a fragment that is used, with values': [
      'scenario',
      { setup: [{ use: './login.yaml' }], steps: [{ use: 'login', with: { user: { a: 1 } } }] },
    ],
    'a fragment in a fragment': ['fragment', { steps: [{ use: 'x' }, { get: '${path}' }] }],
    'a reason to skip, and reasons for cells': [
      'scenario',
      { skip: 'why', only: [{ cells: { a: { b: 1 } }, reason: 'why' }], timeout: '30s' },
    ],
    'a load, and what must hold of it': [
      'scenario',
      {
        during: {
          load: { rate: '${n}/s', for: '10s', get: '/x', as: 'ada', connections: 5 },
          expect: { p50: '1s', p95: '1s', p99: '400ms', max: '${time}', errors: 0 },
        },
      },
    ],
    'a matcher with a schema, and a script': [
      'scenario',
      { expect: { body: { '/a': { schema: './a.json' } }, script: './check.js#name' } },
    ],
    'a step’s kind from the matrix': ['scenario', { steps: [{ '${down}': 'stats' }] }],
    'a match': [
      'scenario',
      {
        faults: [
          { on: 'stats', match: 'GET /x', inject: 'reset' },
          { on: 'stats', match: { query: { a: { present: true } } }, inject: 'reset' },
        ],
      },
    ],
    'a program': ['system', { service: { command: ['x', '${port}'], ready: { within: '5s' } } }],
  };
  for (const [what, [kind, value]] of Object.entries(good)) {
    it(`accept ${what}`, () => {
      expect(accepts(kind, { ...BASE[kind], ...value })).to.equal(true);
    });
  }

  const bad: Record<string, [SchemaKind, object]> = {
    'a duration without a unit': ['scenario', { recovery: { within: 5 } }],
    'a duration of an unknown unit': ['scenario', { recovery: { within: '5 sec' } }],
    'an unknown fault': ['scenario', { faults: [{ on: 'stats', inject: 'rest' }] }],
    'an unknown parameter': ['scenario', { faults: [{ on: 'stats', inject: { reset: 'x' } }] }],
    'an unknown trigger': [
      'scenario',
      { faults: [{ on: 'stats', inject: 'reset', trigger: { frist: 1 } }] },
    ],
    'an unknown step': ['scenario', { steps: [{ sned: 'page' }] }],
    'a step of two kinds': ['scenario', { steps: [{ send: 'page', wait: '1s' }] }],
    'no steps': ['scenario', { steps: [] }],
    'an unknown expectation': ['scenario', { expect: { degrade: 'exact' } }],
    'an unknown word': ['scenario', { expect: { degraded: 'exakt' } }],
    'a preset that is none': ['scenario', { presets: { a: { on: 'x', inject: 'refse' } } }],
    'a preset of a system that is none': ['system', { presets: { a: { on: 'x' } } }],
    'a misspelt with': ['scenario', { steps: [{ use: 'x', wiht: {} }] }],
    'no reason': ['scenario', { skip: true }],
    'cells without a reason': ['scenario', { only: [{ cells: { a: 1 } }] }],
    'a fragment without steps': ['fragment', { steps: [] }],
    'a misspelt step of a fragment': ['fragment', { steps: [{ gte: '/x' }] }],
    'a rate without a unit': ['scenario', { during: { load: { rate: 200, for: '1s' } } }],
    'a load without an end': ['scenario', { during: { load: { rate: '1/s' } } }],
    'a script that is no file': ['scenario', { expect: { script: '#x' } }],
    'an id with spaces': ['scenario', { id: 'a b' }],
    'an id from the matrix': ['scenario', { id: '${id}' }],
    'no use': ['scenario', { use: [] }],
    'an unknown budget': ['contract', { budget: { baseline: '1s', degrade: '1s' } }],
    'a pointer without a slash': ['contract', { volatile: ['x'] }],
    'a path without a slash': ['contract', { request: { get: 'page' } }],
    'a name with a capital': ['system', { system: 'Game' }],
    'an unknown protocol': [
      'system',
      { upstreams: { stats: { target: 'builtin stats', protocol: 'udp' } } },
    ],
  };
  for (const [what, [kind, value]] of Object.entries(bad)) {
    it(`refuse ${what}`, () => {
      expect(accepts(kind, { ...BASE[kind], ...value })).to.equal(false);
    });
  }

  for (const kind of KINDS.filter((one) => one !== 'proxy')) {
    it(`explain every key of a ${kind}`, () => {
      const missing: string[] = [];
      const { $defs = {}, ...schema } = schemaOf(kind);
      keysIn(written(schema, $defs as Defs), '', missing);
      expect(missing).to.deep.equal([]);
    });
  }
});

const BASE: Partial<Record<SchemaKind, object>> = {
  system: SYSTEM,
  contract: CONTRACT,
  scenario: SCENARIO,
  fragment: { fragment: 'sign-in', steps: [{ wait: '1s' }] },
};

/** The paths of all objects whose keys are the format's own, not names or data of the user. */
function objectsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null || FREE.test(`/${path.join('/')}`)) return [];
  const names = Array.isArray(value) || NAMES.test(`/${path.join('/')}`);
  const below = Object.entries(value).flatMap(([key, one]) => objectsIn(one, [...path, key]));
  return names ? below : [path, ...below];
}

/** Here stands what users say: a matrix, data, and a step whose kind is a variable. */
const FREE =
  /^\/matrix|\/(json|with)$|\/empty$|\/(body|headers)\/|\/\$\{[^/]*$|\/log\/has$|^\/steps\/\d+\/expect\/upstream$/;
/** Here keys are names that users give. */
const NAMES =
  /^(\/(calls|upstreams|identities|service\/env)|\/upstreams\/[^/]*\/calls|.*\/(body|headers|upstream))$/;

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((here, key) => (here as Record<string, unknown>)[key], value);
}

/** Each property of the format says what it is, itself or by its only meaning. */
type Defs = Readonly<Record<string, unknown>>;

/** With what it refers to in the references' places. */
function written(schema: unknown, defs: Defs): unknown {
  if (Array.isArray(schema)) return schema.map((one) => written(one, defs));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref } = schema as { $ref?: string };
  if ($ref !== undefined) return written(defs[$ref.slice('#/$defs/'.length)], defs);
  return Object.fromEntries(Object.entries(schema).map(([key, one]) => [key, written(one, defs)]));
}

function keysIn(schema: unknown, path: string, missing: string[]): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties = {}, ...rest } = schema as Record<string, unknown>;
  for (const [key, one] of Object.entries(properties as Record<string, object>)) {
    // What a match may hold belongs to the proxy's language, as do the alternatives of one key.
    const own = !/\/(match|inject|faults|presets)/.test(`${path}/${key}`);
    if (own && !('description' in one)) missing.push(`${path}/${key}`);
    keysIn(one, `${path}/${key}`, missing);
  }
  for (const part of Object.values(rest)) {
    if (Array.isArray(part)) for (const one of part) keysIn(one, path, missing);
    else keysIn(part, path, missing);
  }
}
