import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks `url` until it answers 2xx. Gives false when `within` milliseconds have passed without; `giveUp` ends it early.
 * Rejects when `signal` aborts.
 */
export async function untilReady(
  url: string,
  within: number,
  giveUp: () => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = performance.now() + within;
  while (!giveUp()) {
    signal.throwIfAborted();
    // Asked again when it has answered: what answers may be another program on the port of one that has just ended.
    if ((await answers(url, signal)) && !giveUp()) return true;
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS, undefined, { signal });
  }
  return false;
}

/** A connection of its own each time: a pool would outlive the program. */
function answers(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = get(url, { agent: false, signal }, ({ statusCode = 0 }) => {
      resolve(statusCode >= 200 && statusCode <= 299);
      probe.destroy();
    });
    const timer = setTimeout(() => probe.destroy(), PROBE_MS);
    probe.on('error', () => resolve(false));
    probe.on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

const PROBE_MS = 1000;
const POLL_MS = 50;
