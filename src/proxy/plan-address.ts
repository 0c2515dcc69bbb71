import { invalid, type InvalidError } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import type { Fault } from './fault.ts';
import { FAULTS, type FaultSpec } from './fault-spec.ts';
import type { Parameter } from './parameter.ts';

/** One fault on what one address means; `on` and `inject` as a rule has them. */
export interface PlanStep {
  /** An upstream, or one of its calls. */
  readonly on: string;
  /** Only the n-th request there, of one trace; each, unless said. */
  readonly nth?: number;
  /** A fault's name, or with its main parameter `{ status: 503 }`. */
  readonly inject: string | Readonly<Record<string, unknown>>;
}

/**
 * Reads `player-stats#1=status:503`.
 * @throws {InvalidError} that does not name the piece
 */
export function readAddress(piece: string): PlanStep {
  const equals = piece.indexOf('=');
  if (piece === '') throw invalid([], `empty: expected ${FORM}`);
  if (equals < 0) throw invalid([], `expected ${FORM}; a + in a value is written %2B`);
  const [, target = '', mark, number = ''] = TARGET.exec(piece.slice(0, equals)) ?? [];
  if (target === '') throw invalid([], `which call or upstream? expected ${FORM}`);
  if (mark !== undefined && !/^[1-9]\d{0,8}$/.test(number))
    throw invalid([], `expected # and a number from 1, got "#${number}"`);
  const on = unescaped(target);
  const nth = mark === undefined ? {} : { nth: Number(number) };
  return { on, ...nth, inject: readFault(piece.slice(equals + 1)) };
}

/** @throws {InvalidError} for a fault that takes more than its main parameter */
export function writeAddress({ on, nth, inject }: PlanStep): string {
  const target = escaped(on, /[%+=#]/g);
  return `${target}${nth === undefined ? '' : `#${nth}`}=${writeFault(inject)}`;
}

function readFault(written: string): PlanStep['inject'] {
  const colon = written.indexOf(':');
  const name = colon < 0 ? written : written.slice(0, colon);
  if (name === '') throw invalid([], `which fault? expected ${FORM}`);
  const fault = FAULTS.get(name);
  if (!fault) throw invalid([], `unknown fault "${name}"${didYouMean(name, [...FAULTS.keys()])}`);
  const { main } = fault;
  if (needsMore(fault)) throw tooRich(fault);
  if (colon < 0) return name;
  if (main === undefined) throw invalid([], `${name} takes no parameter: write just ${name}`);
  const value = readValue(unescaped(written.slice(colon + 1)), fault.parameters[main]);
  if (value === undefined) throw tooRich(fault);
  return { [name]: value };
}

function writeFault(inject: PlanStep['inject']): string {
  if (typeof inject === 'string') return inject;
  const { fault: full, ...others } = inject as Partial<FaultSpec>;
  const [first = '', ...more] = Object.keys(full === undefined ? inject : others);
  const name = full ?? first;
  const fault = FAULTS.get(name);
  if (!fault) throw invalid([], `unknown fault "${name}"${didYouMean(name, [...FAULTS.keys()])}`);
  if (more.length > 0 || (full !== undefined && first !== '' && first !== fault.main))
    throw tooRich(fault);
  const value = inject[first];
  if (first === '' || value === null) return name;
  if (typeof value !== 'string' && typeof value !== 'number') throw tooRich(fault);
  return `${name}:${escaped(String(value), /\+|%(?=2[35B]|3D)/gi)}`;
}

/** What was meant by a text where a parameter of this kind is written; undefined where no text can be one. */
function readValue(text: string, parameter: Parameter | undefined): unknown {
  const { type, enum: words } = parameter?.schema ?? {};
  if (Array.isArray(words)) return words.find((word) => String(word) === text) ?? text;
  if (type === 'integer' || type === 'number') return NUMBER.test(text) ? Number(text) : text;
  return type === 'string' ? text : undefined;
}

/** It does not act by its main parameter alone, or that cannot be written in a line. */
function needsMore({ parameters, main }: Fault): boolean {
  return Object.entries(parameters).some(
    ([key, parameter]) =>
      parameter.required && (key !== main || readValue('', parameter) === undefined),
  );
}

function tooRich({ name }: Fault): InvalidError {
  return invalid([], `${name} with such parameters is too rich for a line: use a rule`);
}

/** Only what the grammar takes for itself: an address in a value keeps the escapes of its own. */
function unescaped(text: string): string {
  return text.replace(/%(2[35B]|3D)/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

function escaped(text: string, what: RegExp): string {
  return text.replace(what, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

const FORM = 'call=fault or call=fault:parameter, such as leaderboard=status:503';
const TARGET = /^([^#]*)(#(.*))?$/s;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
