import { z } from 'zod';
import { ruleSchema } from '../proxy/catalogue.ts';
import { configFile } from './format/config.ts';
import { contractFile } from './format/contract.ts';
import { proxyFile } from './format/proxy.ts';
import { scenarioFile } from './format/scenario.ts';
import { stepShapes } from './format/step.ts';
import { systemFile } from './format/system.ts';
import { withDefs } from './schema-defs.ts';
import { interpolableAll, VARIABLE_KEY } from './interpolable.ts';
import type { SchemaKind } from './kinds.ts';

const SCHEMAS: Readonly<Record<SchemaKind, z.ZodType>> = {
  system: systemFile,
  contract: contractFile,
  scenario: scenarioFile,
  proxy: proxyFile,
  config: configFile,
};

type JsonSchema = { [key: string]: unknown };

/** The JSON Schema (draft 2020-12) of a kind of file, derived from what the loader checks. */
export function schemaOf(kind: SchemaKind): JsonSchema {
  const schema = toJsonSchema(SCHEMAS[kind]);
  const title = `brownout: a ${kind} file`;
  if (kind === 'proxy') return withDefs({ title, anyOf: proxyParts(toPart(SCHEMAS.proxy)) });
  const { properties, ...rest } = schema;
  if (kind !== 'scenario') return { title, ...schema };
  const { expect, recovery, faults, setup, steps, teardown, ...head } = properties as Record<
    string,
    JsonSchema
  >;
  const step = { anyOf: [...stepShapes.map(toPart), VARIABLE_KEY] };
  return withDefs({
    title,
    ...rest,
    properties: {
      ...head,
      // The matrix is put into what follows, and only there.
      ...interpolableAll({
        faults: { ...faults, type: 'array', items: ruleSchema() },
        expect: expect as JsonSchema,
        recovery: recovery as JsonSchema,
        setup: { ...setup, type: 'array', items: step },
        steps: { ...steps, type: 'array', minItems: 1, items: step },
        teardown: { ...teardown, type: 'array', items: step },
      }),
    },
  });
}

/** Our own form, and Toxiproxy's bare list of proxies. */
function proxyParts(own: JsonSchema): JsonSchema[] {
  const { rules, proxies, ...head } = own['properties'] as Record<string, JsonSchema>;
  const list = { ...proxies, type: 'array', items: TOXIPROXY };
  return [
    { ...own, properties: { ...head, rules: { ...rules, items: ruleSchema() }, proxies: list } },
    list,
  ];
}

function toPart(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...part } = toJsonSchema(schema);
  return part;
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      // Defaults are what the loader keeps (milliseconds): what people write looks otherwise.
      if (zodSchema._zod.def.type === 'default') delete jsonSchema.default;
      // `starts_with` is a word of zod's own, and its limits of whole numbers are the language's.
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
}

/** What else its clients write is passed over, so it is let be here too. */
const TOXIPROXY: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    listen: { type: 'string', description: 'host:port' },
    upstream: { type: 'string', description: 'host:port' },
    enabled: { type: 'boolean' },
    toxics: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          type: { type: 'string' },
          stream: { type: 'string', description: 'upstream or downstream' },
          toxicity: { type: 'number', minimum: 0, maximum: 1 },
          attributes: { type: 'object' },
        },
        required: ['type'],
      },
    },
  },
  required: ['name', 'upstream'],
};
