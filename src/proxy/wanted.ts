import { z } from 'zod';

/** What a query value or a header is to be: exactly that, there, not there, or with a text in it. */
export const WANTED = z.union(
  [
    z.string(),
    z.strictObject({ present: z.literal(true) }),
    z.strictObject({ absent: z.literal(true) }),
    z.strictObject({ contains: z.string() }),
  ],
  { error: 'expected a text, { present: true }, { absent: true } or { contains: "x" }' },
);
export type Wanted = z.infer<typeof WANTED>;

export function fits(sent: string | undefined, wanted: Wanted): boolean {
  if (typeof wanted === 'string') return sent === wanted;
  if ('present' in wanted) return sent !== undefined;
  if ('absent' in wanted) return sent === undefined;
  return sent?.includes(wanted.contains) === true;
}

/** `wanted` by the headers' names, in whatever case they were written. */
export function headersFit(wanted: Readonly<Record<string, Wanted>>): (head: Head) => boolean {
  const all = Object.entries(wanted).map(([name, one]) => ({ name: name.toLowerCase(), one }));
  return ({ headers }) => {
    for (const { name, one } of all) {
      if (!fits(Object.hasOwn(headers, name) ? headers[name] : undefined, one)) return false;
    }
    return true;
  };
}

interface Head {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}
