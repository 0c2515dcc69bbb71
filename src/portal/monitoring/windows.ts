import { minuteOf } from './minutes.ts';

/** How far back a summary looks. */
export type Window = keyof typeof WINDOWS;

/** When a window that ends now begins: minutes are kept whole, so it is the minute that holds this moment. */
export function startOf(window: Window, now: number): number {
  return minuteOf(now - WINDOWS[window]);
}

export function isWindow(text: string): text is Window {
  return Object.hasOwn(WINDOWS, text);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const WINDOWS = {
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': 24 * HOUR,
} as const;
