import { valueAt } from '../../common/json-pointer.ts';
import type { Finding } from '../expectation.ts';
import type { Answer } from './request.ts';
import type { Sending, Source } from '../step.ts';

/** Takes out of an answer what later steps say by name; what is not there is a finding. */
export function capture(
  wanted: Sending['capture'],
  answer: Answer,
): { readonly values: Readonly<Record<string, unknown>>; readonly findings: readonly Finding[] } {
  const taken = Object.entries(wanted).map(([name, source]) => ({
    name,
    source,
    value: valueFrom(source, answer),
  }));
  return {
    values: Object.fromEntries(taken.map(({ name, value }) => [name, value])),
    findings: taken
      .filter(({ value }) => value === undefined)
      .map(({ name, source }) => ({
        pointer: typeof source === 'string' ? source : `header ${source.header}`,
        expected: `something to capture as ${name}`,
        got: undefined,
      })),
  };
}

function valueFrom(source: Source, { json, headers }: Answer): unknown {
  return typeof source === 'string' ? valueAt(json, source) : headers[source.header.toLowerCase()];
}
