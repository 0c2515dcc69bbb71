import { get as getByHttp } from 'node:http';
import { get as getByHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../common/duration.ts';
import type { ServiceSpec } from './spec.ts';

/** Where it answers; or what is wrong, in words that go on after `the service did not start:`. */
export type Readiness = { readonly url: string } | { readonly problem: string };

/**
 * Asks a service at each of `urls` until one answers 2xx at its readiness path, for as long as it may take; `giveUp` ends
 * it early. Rejects when `signal` aborts.
 */
export async function untilReady(
  urls: readonly string[],
  { get, within }: ServiceSpec['ready'],
  giveUp: () => boolean,
  signal: AbortSignal,
): Promise<Readiness> {
  const begun = performance.now();
  const [first = ''] = urls;
  let last = '';
  while (!giveUp()) {
    signal.throwIfAborted();
    const told = await Promise.all(urls.map((url) => ask(url + get, signal)));
    // Asked again when it has answered: what answers may be another program on the port of one that has just ended.
    const ready = giveUp() ? -1 : told.indexOf(undefined);
    if (ready >= 0) return { url: urls[ready] as string };
    last = told[0] ?? '';
    const waited = performance.now() - begun;
    if (waited > within) break;
    // Every cell may wait for a program that starts in a tenth of a second.
    await sleep(waited < SOON_MS ? SOON_POLL_MS : POLL_MS, undefined, { signal });
  }
  const late = `${first}${get} did not answer 2xx within ${formatDuration(within)}`;
  return { problem: last === '' ? late : `${late} (the last time: ${last})` };
}

/** What is wrong with its answer. A connection of its own each time: a pool would outlive the program. */
function ask(url: string, signal: AbortSignal): Promise<string | undefined> {
  const get = url.startsWith('https:') ? getByHttps : getByHttp;
  return new Promise((resolve) => {
    const probe = get(url, { agent: false, signal }, ({ statusCode = 0 }) => {
      resolve(statusCode >= 200 && statusCode <= 299 ? undefined : `status ${statusCode}`);
      probe.destroy();
    });
    const timer = setTimeout(() => {
      resolve(`no answer for ${formatDuration(PROBE_MS)}`);
      probe.destroy();
    }, PROBE_MS);
    probe.on('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
    probe.on('close', () => {
      clearTimeout(timer);
      resolve('it ended without an answer');
    });
  });
}

const PROBE_MS = 1000;
const POLL_MS = 50;
const [SOON_MS, SOON_POLL_MS] = [500, 10];
