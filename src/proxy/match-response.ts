import { z } from 'zod';
import { invalid } from '../common/errors.ts';
import { parsedBy } from '../common/validate.ts';
import type { ResponseHead } from './exchange.ts';
import { headersFit, WANTED } from './wanted.ts';

const CLASS = /^[1-5]xx$/;

const STATUSES = parsedBy(parseStatuses).meta({
  description: 'what the upstream said: 503, 5xx or [500, 503]',
  anyOf: [one(), { type: 'array', items: one(), minItems: 1 }],
});

/** What the upstream really said. */
export const RESPONSE = z
  .strictObject({
    status: STATUSES.optional(),
    headers: z.record(z.string(), WANTED).optional(),
  })
  .meta({ minProperties: 1 })
  .refine(({ status, headers }) => status !== undefined || headers !== undefined, {
    message: 'expected status, headers or both',
    // Not of one whose keys are misspelt: that has been told.
    when: ({ issues }) => issues.length === 0,
  })
  .transform(({ status, headers = {} }) => {
    const fit = headersFit(headers);
    return (head: ResponseHead) => (status?.(head.status) ?? true) && fit(head);
  });

function parseStatuses(value: unknown): (status: number) => boolean {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw invalid([], 'expected at least one status');
  const asked = list.map((item, i) => parseStatus(item, Array.isArray(value) ? [i] : []));
  return (status) => asked.some((part) => part(status));
}

function parseStatus(value: unknown, path: readonly number[]): (status: number) => boolean {
  if (Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599)
    return (status) => status === value;
  if (typeof value === 'string' && CLASS.test(value))
    return (status) => Math.floor(status / 100) === Number(value[0]);
  throw invalid(
    path,
    `expected a status such as 503, a class such as 5xx or a list of these, got ${JSON.stringify(value)}`,
  );
}

function one() {
  return {
    anyOf: [
      { type: 'integer', minimum: 100, maximum: 599 },
      { type: 'string', pattern: CLASS.source },
    ],
  } as const;
}
