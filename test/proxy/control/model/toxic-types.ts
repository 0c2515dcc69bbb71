import type { ToxicState } from './state.ts';
import { readFields } from './fields.ts';

/** What each type of toxic takes. */
export const TOXIC_TYPES: Readonly<Record<string, readonly string[]>> = {
  latency: ['latency', 'jitter'],
  bandwidth: ['rate'],
  slow_close: ['delay'],
  timeout: ['timeout'],
  reset_peer: ['timeout'],
  slicer: ['average_size', 'size_variation', 'delay'],
  limit_data: ['bytes'],
  noop: [],
};

/** Why something is refused, before anything has changed. */
export interface Refusal {
  readonly status: number;
  readonly error: string | RegExp;
}

/** Reads the body of a new toxic: its faults are found in the order of the documents. */
export function newToxic(
  body: unknown,
  others: readonly ToxicState[],
): ToxicState | readonly Refusal[] {
  const fields = readFields(body, TOXIC_FIELDS);
  if (!fields) return [BAD_BODY];
  const { type = '', stream = 'downstream', toxicity = 1 } = fields;
  if (!/^(up|down)stream$/i.test(stream)) return [BAD_STREAM];
  const keys = Object.hasOwn(TOXIC_TYPES, type) ? TOXIC_TYPES[type] : undefined;
  if (!keys) return [{ status: 400, error: 'invalid toxic type' }];
  const name = fields.name || `${type}_${stream}`;
  const doubled = others.some((toxic) => toxic.name === name);
  const unlikely = toxicity < 0 || toxicity > 1;
  // Toxiproxy takes any toxicity: where it is refused is not written anywhere.
  if (doubled) return [{ status: 409, error: 'toxic already exists' }, ...(unlikely ? [OUT] : [])];
  if (unlikely) return [OUT];
  const attributes = merged(type, keys, fields.attributes, {});
  if (!('values' in attributes)) return [attributes];
  return { attributes: attributes.values, name, type, stream, toxicity };
}

/** Merges a change into a toxic: its attributes and its toxicity only. */
export function changedToxic(toxic: ToxicState, body: unknown): ToxicState | readonly Refusal[] {
  const fields = readFields(body, { toxicity: 'number', attributes: 'object' });
  if (!fields) return [BAD_BODY];
  const { toxicity = toxic.toxicity } = fields;
  const keys = TOXIC_TYPES[toxic.type] ?? [];
  const attributes = merged(toxic.type, keys, fields.attributes, toxic.attributes);
  if (!('values' in attributes)) return [attributes];
  if (toxicity < 0 || toxicity > 1) return [OUT];
  return { ...toxic, attributes: attributes.values, toxicity };
}

export function isRefusal(result: ToxicState | readonly Refusal[]): result is readonly Refusal[] {
  return Array.isArray(result);
}

function merged(
  type: string,
  keys: readonly string[],
  given: Readonly<Record<string, unknown>> = {},
  before: Readonly<Record<string, number>>,
): { readonly values: Record<string, number> } | Refusal {
  const all = keys.map((key) => [key, given[key] ?? before[key] ?? 0] as const);
  if (!all.every(([, value]) => Number.isInteger(value))) return BAD_BODY;
  const values = Object.fromEntries(all) as Record<string, number>;
  return possible(type, values) ? { values } : OUT;
}

/** What would stop the flow by accident, or the server. */
function possible(type: string, values: Readonly<Record<string, number>>): boolean {
  const { rate = 0, average_size: size = 0, size_variation: variation = 0 } = values;
  if (type === 'bandwidth') return rate >= 0;
  return type !== 'slicer' || (size > 0 && variation >= 0 && variation < size);
}

const TOXIC_FIELDS = {
  name: 'string',
  type: 'string',
  stream: 'string',
  toxicity: 'number',
  attributes: 'object',
} as const;
export const BAD_BODY: Refusal = { status: 400, error: /^bad request body: ./ };
const BAD_STREAM: Refusal = {
  status: 400,
  error: 'stream was invalid, can be either upstream or downstream',
};
const OUT: Refusal = { status: 400, error: /./ };
