import { InvalidError, type Problem } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import type { Fault } from './fault.ts';
import * as faults from './faults/index.ts';
import type { JsonSchema } from './json-schema.ts';

/** The name of a fault of the catalogue, as people type it. */
export type FaultName = (typeof faults)[keyof typeof faults]['name'];

/** A fault in full form, each parameter as it was written: `{ fault: 'status', code: 503, body: '[]' }`. */
export type FaultSpec = { readonly fault: string } & Readonly<Record<string, unknown>>;

/** A fault with its parameters checked and parsed. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly spec: FaultSpec;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Every fault there is, by name. */
export const FAULTS: ReadonlyMap<string, Fault> = new Map(
  Object.values(faults).map((fault) => [fault.name, fault as unknown as Fault]),
);

/**
 * Reads what `inject` holds: `reset`, `{ latency: 2s }`, `{ status: 503, body: "[]" }`, the full form
 * `{ fault: status, code: 503 }`, or a list of these.
 * @throws {InvalidError} whose paths start at `inject`'s own value
 */
export function parseInject(value: unknown): readonly PlannedFault[] {
  if (value === undefined)
    throw new InvalidError([
      { path: [], message: 'expected a fault such as reset or { status: 503 }, got undefined' },
    ]);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0)
    throw new InvalidError([{ path: [], message: 'expected at least one fault' }]);
  const problems: Problem[] = [];
  const planned = list.map((item, i) => {
    const report: Report = (path, message, atKey = false) => {
      problems.push({ path: Array.isArray(value) ? [i, ...path] : path, message, atKey });
      return undefined;
    };
    return parseOne(item, report);
  });
  if (problems.length > 0) throw new InvalidError(problems);
  return planned as PlannedFault[];
}

/** JSON Schema of what `inject` may hold. */
export function injectSchema(): JsonSchema {
  const one = { anyOf: [...FAULTS.values()].flatMap(schemasOf) };
  return { anyOf: [one, { type: 'array', items: one, minItems: 1 }] };
}

type Report = (path: readonly (string | number)[], message: string, atKey?: boolean) => undefined;

function parseOne(value: unknown, report: Report): PlannedFault | undefined {
  if (typeof value === 'string') {
    const fault = FAULTS.get(value);
    if (fault) return plan(fault, {}, report);
    return report([], `unknown fault "${value}"${didYouMean(value, names())}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return report(
      [],
      `expected a fault such as reset or { status: 503 }, got ${JSON.stringify(value)}`,
    );
  }
  const [first, ...others] = Object.entries(value);
  if (!first) return report([], 'expected a fault such as reset or { status: 503 }, got {}');
  const full = Object.hasOwn(value, 'fault');
  const name = full ? (value as { fault: unknown }).fault : first[0];
  if (typeof name !== 'string') {
    return report(['fault'], `expected a fault's name, got ${JSON.stringify(name)}`);
  }
  const fault = FAULTS.get(name);
  if (!fault) {
    return report(
      full ? ['fault'] : [name],
      `unknown fault "${name}"${didYouMean(name, names())}`,
      !full,
    );
  }
  if (full) {
    return plan(
      fault,
      Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'fault')),
      report,
    );
  }
  const rest = Object.fromEntries(others);
  if (first[1] === null) return plan(fault, rest, report);
  if (fault.main === undefined)
    return report([name], `${name} takes no parameter: write just ${name}`);
  return plan(fault, { [fault.main]: first[1], ...rest }, report, name);
}

/** `shorthand` is the key that stands for the main parameter, so that its problems point at it. */
function plan(
  fault: Fault,
  written: Readonly<Record<string, unknown>>,
  report: Report,
  shorthand?: string,
): PlannedFault {
  const known = Object.keys(fault.parameters);
  for (const key of Object.keys(written)) {
    if (known.includes(key)) continue;
    const what = known.length > 0 ? didYouMean(key, known) : ' (it takes none)';
    report([key], `${fault.name} has no parameter "${key}"${what}`, true);
  }
  const values: Record<string, unknown> = {};
  for (const [key, parameter] of Object.entries(fault.parameters)) {
    const path = shorthand !== undefined && key === fault.main ? [shorthand] : [key];
    // null is a value that was written, and a wrong one.
    const value = written[key] === undefined ? parameter.default : written[key];
    if (value === undefined) {
      if (parameter.required)
        report([], `${fault.name} needs ${key}: ${parameter.description} (${parameter.range})`);
      continue;
    }
    try {
      values[key] = parameter.parse(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      report(path, `${fault.name} ${key}: ${error.message}`);
    }
  }
  return { fault, values, spec: { fault: fault.name, ...written } };
}

function schemasOf(fault: Fault): JsonSchema[] {
  const entries = Object.entries(fault.parameters);
  const properties = Object.fromEntries(
    entries.map(([key, { schema, description, default: standard }]) => [
      key,
      { ...schema, description, ...(standard === undefined ? {} : { default: standard }) },
    ]),
  );
  const needed = entries.filter(([, p]) => p.required).map(([key]) => key);
  const full: JsonSchema = {
    type: 'object',
    description: fault.summary,
    properties: { fault: { const: fault.name }, ...properties },
    required: ['fault', ...needed],
    additionalProperties: false,
  };
  const word = { const: fault.name, description: fault.summary };
  const { main } = fault;
  const shorthand: JsonSchema = {
    type: 'object',
    description: fault.summary,
    properties: {
      [fault.name]: (main !== undefined && properties[main]) || { type: 'null' },
      ...Object.fromEntries(Object.entries(properties).filter(([key]) => key !== main)),
    },
    required: [fault.name, ...needed.filter((key) => key !== main)],
    additionalProperties: false,
  };
  return [...(needed.length === 0 ? [word] : []), shorthand, full];
}

function names(): string[] {
  return [...FAULTS.keys()];
}
