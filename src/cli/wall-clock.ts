/** A time, in milliseconds since the epoch, as the clock on the wall has it: `18:57:25`. */
export function wallClock(at: number): string {
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
