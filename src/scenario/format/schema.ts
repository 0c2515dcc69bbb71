import { z } from 'zod';
import { ruleSchema } from '../../proxy/catalogue.ts';
import { configFile } from './config.ts';
import { contractFile } from './contract.ts';
import { fragmentFile, useStep } from './fragment.ts';
import { mockFile } from './mock.ts';
import { proxyFile } from './proxy.ts';
import { resultFormat } from './result.ts';
import { scenarioFile } from './scenario.ts';
import { stepShapes } from './step.ts';
import { systemFile } from './system.ts';
import { withDefs } from './schema-defs.ts';
import { interpolableAll, VARIABLE_KEY } from './interpolable.ts';
import type { SchemaKind } from './kinds.ts';

const SCHEMAS: Readonly<Record<SchemaKind, z.ZodType>> = {
  system: systemFile,
  contract: contractFile,
  scenario: scenarioFile,
  fragment: fragmentFile,
  mock: mockFile,
  proxy: proxyFile,
  config: configFile,
  result: resultFormat,
};

type JsonSchema = { [key: string]: unknown };

/** The JSON Schema (draft 2020-12) of a kind of file, derived from what the loader checks. */
export function schemaOf(kind: SchemaKind): JsonSchema {
  const schema = toJsonSchema(SCHEMAS[kind]);
  const title = `brownout: a ${kind}${kind === 'result' ? '' : ' file'}`;
  if (kind === 'proxy') return withDefs({ title, anyOf: proxyParts(toPart(SCHEMAS.proxy)) });
  const deeper = DEEPER[kind];
  if (!deeper) return { title, ...schema };
  const { properties, ...rest } = schema;
  const parts = properties as Record<string, JsonSchema>;
  return withDefs({ title, ...rest, properties: { ...parts, ...deeper(parts) } });
}

/** What stands deeper in a file, of which the schemas of files do not know: rules and steps. */
const DEEPER: Readonly<
  Partial<Record<SchemaKind, (parts: Record<string, JsonSchema>) => Record<string, JsonSchema>>>
> = {
  system: ({ presets }) => ({ presets: { ...presets, additionalProperties: ruleSchema() } }),
  fragment: ({ steps }) => interpolableAll({ steps: { ...steps, ...stepList(), minItems: 1 } }),
  // The matrix is put into what stands here, and only there.
  scenario: (parts) => {
    const { skip, only, timeout, presets, faults, during, expect, recovery } = parts;
    const { setup, steps, teardown } = parts;
    return interpolableAll({
      skip: skip as JsonSchema,
      only: only as JsonSchema,
      timeout: timeout as JsonSchema,
      presets: { ...presets, additionalProperties: ruleSchema() },
      faults: { ...faults, type: 'array', items: { anyOf: [ruleSchema(), PRESET] } },
      during: during as JsonSchema,
      expect: expect as JsonSchema,
      recovery: recovery as JsonSchema,
      setup: { ...setup, ...stepList() },
      steps: { ...steps, ...stepList(), minItems: 1 },
      teardown: { ...teardown, ...stepList() },
    });
  },
};

const PRESET: JsonSchema = { type: 'string', description: 'the name of a preset' };

function stepList(): JsonSchema {
  const shapes = [...stepShapes, useStep].map(toPart);
  return { type: 'array', items: { anyOf: [...shapes, VARIABLE_KEY] } };
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
