/**
 * For how many milliseconds a Retry-After asks to be left alone: a number of seconds, or a date. Undefined where it asks for
 * nothing, or for what nobody can read.
 * @param now milliseconds since 1970
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : IMF_DATE.test(text)
      ? Date.parse(text) - now
      : NaN;
  return ms > 0 ? ms : undefined;
}

/** `Wed, 21 Oct 2015 07:28:00 GMT`: JavaScript would take many other things for a date. */
const IMF_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
