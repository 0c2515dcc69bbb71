import type { Instance } from '../../system/system.ts';
import { pause } from './pause.ts';
import type { Failure } from '../result.ts';

/**
 * Waits a moment for the news that the service died, where a request came to nothing: its connections end before its
 * process does.
 */
export async function hearOfDeath(
  instance: Instance,
  failures: readonly Failure[],
  signal: AbortSignal,
): Promise<void> {
  if (!failures.some(({ got }) => typeof got === 'string' && NO_CONNECTION.test(got))) return;
  for (let waited = 0; waited < MOST_MS && instance.died === undefined; waited += POLL_MS)
    await pause(POLL_MS, signal);
}

const NO_CONNECTION = /^(the connection failed|nothing listens)/;
const MOST_MS = 200;
const POLL_MS = 10;
