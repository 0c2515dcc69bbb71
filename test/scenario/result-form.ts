import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { schemaOf } from '../../src/scenario/format/schema.ts';

/** Holds a result, as JSON gives it back, to its schema, which has to know all its keys. */
export function expectForm(result: unknown): void {
  const read: unknown = JSON.parse(JSON.stringify(result));
  expect(isResult(read), JSON.stringify(isResult.errors?.slice(0, 3))).to.equal(true);
}

/** Readers let be what they do not know; we are to know all of it. */
function closed(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const parts = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  return 'properties' in schema ? { ...parts, additionalProperties: false } : parts;
}

const isResult = new Ajv2020({ allowUnionTypes: true }).compile(
  closed(schemaOf('result')) as object,
);
