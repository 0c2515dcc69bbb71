/** A measured time, as exact as a reader has use for: `45ms`, `1.02s`, `2m 05s`. */
export function showTime(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)}ms`;
  if (Math.round(ms / 10) < 6000) return `${Math.round(ms / 10) / 100}s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}m ${String(seconds % 60).padStart(2, '0')}s`;
}
