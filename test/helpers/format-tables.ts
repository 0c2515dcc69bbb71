import { z } from 'zod';
import { EXPECTATIONS } from '../../src/scenario/format/expect.ts';
import { stepShapes } from '../../src/scenario/format/step.ts';
import type { SchemaKind } from '../../src/scenario/format/kinds.ts';
import { schemaOf } from '../../src/scenario/format/schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** Every key of a kind of file, as a table: from the same record that checks it. */
export function keysMarkdown(kind: SchemaKind): string {
  const { $defs = {}, ...schema } = schemaOf(kind);
  const rows: string[] = [];
  collect(schema, '', $defs as Json, rows);
  return `| key | what it says |\n|---|---|\n${rows.join('\n')}\n`;
}

/** Every kind of step, as a table. */
export function stepsMarkdown(): string {
  const rows = stepShapes.map((shape) => {
    const { properties = {} } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
    const [[name, said] = ['', {}], ...others] = Object.entries(properties);
    const beside = others.map(([key]) => `\`${key}\``).join(', ');
    return `| \`${name}\` | ${cell((said as Json)['description'])} | ${beside} |`;
  });
  return `| step | what it says | beside it |\n|---|---|---|\n${rows.join('\n')}\n`;
}

/** Every expectation, as a table. */
export function expectationsMarkdown(): string {
  const rows = [...EXPECTATIONS.values()].map(
    ({ name, summary }) => `| \`${name}\` | ${cell(summary)} |`,
  );
  return `| expectation | what must hold |\n|---|---|\n${rows.join('\n')}\n`;
}

function collect(schema: Json, path: string, defs: Json, rows: string[]): void {
  const { properties, required = [], additionalProperties } = whole(schema, defs);
  for (const [key, one] of Object.entries((properties ?? {}) as Record<string, Json>)) {
    if (key === '$schema') continue;
    const here = `${path}${key}`;
    const { description } = whole(one, defs);
    const needed = (required as string[]).includes(key) ? '' : '?';
    rows.push(`| \`${here}\`${needed} | ${cell(description)} |`);
    if (!ELSEWHERE.includes(here)) collect(one, `${here}.`, defs, rows);
  }
  // Names that users give.
  if (typeof additionalProperties === 'object')
    collect(additionalProperties as Json, `${path}<name>.`, defs, rows);
}

/** With what it refers to, and of several forms the one that has keys. */
function whole(schema: Json, defs: Json): Json {
  const { $ref, anyOf, ...rest } = schema;
  const referred =
    typeof $ref === 'string' ? whole(defs[$ref.slice('#/$defs/'.length)] as Json, defs) : {};
  const forms = ((anyOf ?? []) as Json[]).map((one) => whole(one, defs));
  const form = forms.find((one) => 'properties' in one || 'additionalProperties' in one) ?? {};
  const { description: _, ...keys } = form;
  return { ...referred, ...keys, ...rest };
}

function cell(text: unknown): string {
  return typeof text !== 'string' ? '' : text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** They have a table, or a text, of their own. */
const ELSEWHERE = [
  'expect',
  'faults',
  'presets',
  'setup',
  'steps',
  'teardown',
  'matrix',
  'skip',
  'only',
];
