import { parseSize } from '../../../common/size.ts';
import { duration, onOrOff, readSettings, setting, type Env } from '../../settings.ts';

/** Whether old data stand in for what cannot be had, and for how long. */
export interface StaleConfig {
  readonly maxAgeMs: number;
  /** The most bytes that are kept; those used longest ago go first. */
  readonly maxBytes: number;
}

/**
 * Undefined where a failed part is to be empty.
 * @throws {BrownoutError} `invalid_config`, naming the variable
 */
export function readStaleConfig(env: Env): StaleConfig | undefined {
  const values = readSettings(STALE_SETTINGS, env);
  if (!values.STALE_FALLBACK) return undefined;
  return { maxAgeMs: values.STALE_MAX_AGE, maxBytes: values.STALE_MEMORY };
}

export const STALE_SETTINGS = {
  STALE_FALLBACK: setting(onOrOff, 'off', 'on: a failed part has the last good data, flagged'),
  STALE_MAX_AGE: setting(duration, '10m', 'how old these may be at most'),
  STALE_MEMORY: setting(parseSize, '16MB', 'how much of them is kept in memory'),
};
