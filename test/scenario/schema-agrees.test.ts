import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { z } from 'zod';
import { validate } from '../../src/common/validate.ts';
import { contractFile } from '../../src/scenario/format/contract.ts';
import { scenarioFile } from '../../src/scenario/format/scenario.ts';
import { systemFile } from '../../src/scenario/format/system.ts';
import { schemaOf } from '../../src/scenario/format/schema.ts';
import { SHIPPED } from './shipped.ts';

const FORMATS = { system: systemFile, contract: contractFile, scenario: scenarioFile };
type Kind = keyof typeof FORMATS;

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
const schemas = Object.fromEntries(
  Object.keys(FORMATS).map((kind) => [kind, ajv.compile(schemaOf(kind as Kind))]),
);

describe('a JSON Schema and the loader', () => {
  for (const { name, value, kind } of SHIPPED) {
    // The matrix and the fragments are put in before a scenario is checked.
    if (!(kind in FORMATS) || 'matrix' in value || /"use":"/.test(JSON.stringify(value))) continue;
    it(`say the same of what may go wrong in ${name}`, () => {
      const differing: string[] = [];
      for (const { what, changed } of changesOf(value)) {
        const [loads, fits] = [holds(FORMATS[kind as Kind], changed), schemas[kind]?.(changed)];
        if (loads !== fits) differing.push(`${what}: the loader ${loads}, the schema ${fits}`);
      }
      expect(differing).to.deep.equal([]);
    });
  }
});

function holds(schema: z.ZodType, value: unknown): boolean {
  try {
    validate(schema, value);
    return true;
  } catch {
    return false;
  }
}

function* changesOf(value: object): Iterable<{ what: string; changed: unknown }> {
  for (const path of pathsIn(value).filter((one) => !ELSEWHERE.test(`/${one.join('/')}`))) {
    for (const other of OTHERS) {
      const changed = structuredClone(value);
      const parent = path
        .slice(0, -1)
        .reduce((here: unknown, key) => (here as Record<string, unknown>)[key], changed) as Record<
        string,
        unknown
      >;
      const key = path.at(-1) ?? '';
      if (other === GONE && Array.isArray(parent)) parent.splice(Number(key), 1);
      else if (other === GONE) delete parent[key];
      else parent[key] = other;
      yield {
        what: `/${path.join('/')} ${other === GONE ? 'gone' : `= ${JSON.stringify(other)}`}`,
        changed,
      };
    }
  }
}

function pathsIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    [...path, key],
    ...pathsIn(one, [...path, key]),
  ]);
}

/** Rules of the proxy's language, each of which is held to its schema by itself, and what a body may be: any value. */
const ELSEWHERE = /^\/(faults\/|presets)|\/body\//;
const GONE = Symbol('gone');
const OTHERS = [GONE, null, true, 5, -1, '', 'some text', '2s', [], { x: 1 }];
