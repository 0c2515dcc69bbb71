import type { z } from 'zod';

/** What says nothing holds of every answer: a test of it would be green whatever the service does. */
export function saying<T extends object>(schema: z.ZodType<T>): z.ZodType<T> {
  return schema
    .refine((value) => Object.keys(value).length > 0, {
      error: 'nothing would be judged by this: say what is expected',
      // A misspelt key says something, and is told.
      when: ({ issues }) => issues.length === 0,
    })
    .meta({ minProperties: 1 });
}
