const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * Reads a duration such as `250ms`, `1.5s`, `2m` or `1h` into milliseconds. A bare number is refused: a reader cannot
 * tell seconds from milliseconds.
 * @throws {RangeError} with a sentence that says what is wrong
 */
export function parseDuration(text: unknown): number {
  const match = typeof text === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) : null;
  if (!match) throw new RangeError(`expected a duration such as 250ms or 2s, got ${show(text)}`);
  // Rounded, because 1.001 * 1000 is a little less than 1001.
  return Number((Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]).toFixed(6));
}

/** Writes milliseconds as a duration with three decimals at most: 1500 becomes `1.5s`, 90 `90ms`. */
export function formatDuration(ms: number): string {
  const unit = ms >= 1000 ? 's' : 'ms';
  return `${Number((ms / UNITS[unit]).toFixed(3))}${unit}`;
}

function show(value: unknown): string {
  return typeof value === 'number' ? `${value} (a bare number has no unit)` : JSON.stringify(value);
}
