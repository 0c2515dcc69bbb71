const UNITS = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;

/**
 * Reads a size such as `512B`, `64KB` or `1MB` (powers of 1024) into bytes. A bare number is refused.
 * @throws {RangeError} with a sentence that says what is wrong
 */
export function parseSize(text: unknown): number {
  const match = typeof text === 'string' ? /^(\d+(?:\.\d+)?)(B|KB|MB|GB)$/.exec(text) : null;
  if (!match) {
    throw new RangeError(`expected a size such as 64KB or 12B, got ${JSON.stringify(text)}`);
  }
  return Math.round(Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]);
}
