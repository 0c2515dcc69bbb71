import { createRequire } from 'node:module';
import type * as Ajv from 'ajv/dist/2020.js';
import { InvalidError, invalid, messageOf, type Problem } from '../../common/errors.ts';
import { pointerKeys, valueAt } from '../../common/json-pointer.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { Finding } from '../expectation.ts';

/** Judges a value by a JSON Schema: which places of it break which rules. Pointers start at the value. */
export type SchemaCheck = (value: unknown) => readonly Finding[];

/**
 * What a JSON Schema (draft 2020-12) asks of a value. `format` says what a text means and is not checked, as the standard
 * has it; a keyword that is unknown is a mistake.
 * @throws {InvalidError} whose paths start at the schema's root
 */
export function compileSchema(schema: unknown): SchemaCheck {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known) return known;
  const check = compile(schema);
  compiled.set(text, check);
  return check;
}

/** By what they say: cells of a matrix, and the runs of a process, have them in common. */
const compiled = new Map<string, SchemaCheck>();

function compile(schema: unknown): SchemaCheck {
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || Array.isArray(schema)))
    throw invalid([], 'expected a JSON Schema, or the file that holds it');
  const ajv = openAjv();
  try {
    if (!ajv.validateSchema(schema as object))
      throw new InvalidError(unique((ajv.errors ?? []).map(mistakeOf)));
    const validate = ajv.compile(schema as object);
    return (value) => (validate(value) ? [] : findingsOf(validate.errors ?? [], value));
  } catch (error) {
    throw error instanceof InvalidError ? error : new InvalidError([problemOf(error, schema, ajv)]);
  }
}

function openAjv(): Ajv.Ajv2020 {
  // Most runs need none of it, and it takes a while to load.
  const { Ajv2020 } = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof Ajv;
  return new Ajv2020({
    allErrors: true,
    strictTypes: false,
    strictTuples: false,
    validateFormats: false,
    logger: false,
  });
}

function findingsOf(errors: readonly Ajv.ErrorObject[], value: unknown): Finding[] {
  return errors.slice(0, MOST_FINDINGS).map(({ instancePath, schemaPath, message, params }) => ({
    pointer: instancePath,
    expected: `${message ?? 'as the schema says'}${detailOf(params)} (${schemaPath})`,
    got: valueAt(value, instancePath),
  }));
}

/** What the message leaves out. */
function detailOf(params: Ajv.ErrorObject['params']): string {
  const { allowedValues, allowedValue, additionalProperty } = params as Record<string, unknown>;
  const detail = allowedValues ?? allowedValue ?? additionalProperty;
  return detail === undefined ? '' : `: ${JSON.stringify(detail)}`;
}

function mistakeOf({ instancePath, message, params }: Ajv.ErrorObject): Problem {
  const said = `not a JSON Schema: ${message ?? 'its form is wrong'}${detailOf(params)}`;
  return { path: pointerKeys(instancePath), message: said };
}

/** What only shows when it is compiled: a keyword that is none, a reference that leads nowhere. */
function problemOf(error: unknown, schema: unknown, ajv: Ajv.Ajv2020): Problem {
  const message = messageOf(error);
  if (message.startsWith('no schema with key or ref'))
    return { path: ['$schema'], message: 'expected a JSON Schema of draft 2020-12' };
  const [, keyword] = /^strict mode: unknown keyword: "(.*)"$/.exec(message) ?? [];
  if (keyword === undefined) return { path: [], message: `not a JSON Schema: ${message}` };
  return {
    path: pathOfKey(schema, keyword) ?? [],
    message: `unknown keyword "${keyword}"${didYouMean(keyword, Object.keys(ajv.RULES.all))}`,
    atKey: true,
  };
}

function pathOfKey(value: unknown, wanted: string): (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, wanted)) return [wanted];
  for (const [key, inner] of Object.entries(value)) {
    const path = pathOfKey(inner, wanted);
    if (path) return [key, ...path];
  }
  return undefined;
}

/** One mistake breaks several rules of the schema of schemas. */
function unique(problems: readonly Problem[]): Problem[] {
  const places = problems.map(({ path }) => path.join('/'));
  return problems.filter((_, i) => places.indexOf(places[i] ?? '') === i);
}

const MOST_FINDINGS = 10;
