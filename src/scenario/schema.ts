import { z } from 'zod';
import { ruleSchema } from '../proxy/catalogue.ts';
import { contractFile } from './format/contract.ts';
import { scenarioFile } from './format/scenario.ts';
import { stepShapes } from './format/step.ts';
import { systemFile } from './format/system.ts';

/** The kinds of file that have a JSON Schema. */
export const SCHEMAS = { system: systemFile, contract: contractFile, scenario: scenarioFile };
export type SchemaKind = keyof typeof SCHEMAS;

type JsonSchema = { [key: string]: unknown };

/** The JSON Schema (draft 2020-12) of a kind of file, derived from what the loader checks. */
export function schemaOf(kind: SchemaKind): JsonSchema {
  const schema = toJsonSchema(SCHEMAS[kind]);
  if (kind !== 'scenario') return schema;
  const properties = schema['properties'] as JsonSchema;
  const step = toJsonSchema(stepShapes);
  delete step['$schema'];
  return {
    ...schema,
    properties: {
      ...properties,
      faults: { type: 'array', items: ruleSchema() },
      steps: { type: 'array', minItems: 1, items: step },
    },
  };
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return { ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) };
}
