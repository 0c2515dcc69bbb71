import { setMaxListeners } from 'node:events';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { send } from '../requests/request.ts';
import type { LoadOrder, LoadReport } from './send-load.ts';

/**
 * Sends each request when it is due, whether or not the ones before it are answered: a service that slows down is not
 * asked less. A thread of its own, so that what else this process does delays no request.
 */
async function sendAll(order: LoadOrder): Promise<LoadReport> {
  const { url, request, rate, forMs, deadline, connections } = order;
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const total = Math.max(1, Math.round((rate * forMs) / 1000));
  const durations: number[] = [];
  const errors = new Map<string, number>();
  const waiting = new Set<Promise<void>>();
  const refused = new Map<string, number>();
  let crowded = false;

  const ask = async () => {
    const { status, problem, durationMs } = await send(url, request, deadline, signal);
    durations.push(durationMs);
    if (status !== null && status < 400) return;
    const kinds = status !== null && status < 500 ? refused : errors;
    const kind = problem ?? String(status);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  };

  const start = performance.now();
  for (let i = 0; i < total; i++) {
    const early = start + (i * 1000) / rate - performance.now();
    await (early > 0 ? setTimeout(early) : setImmediate());
    while (waiting.size >= connections) {
      crowded = true;
      await Promise.race(waiting);
    }
    const one = ask().finally(() => waiting.delete(one));
    waiting.add(one);
  }
  const tookMs = performance.now() - start + 1000 / rate;
  await Promise.all(waiting);

  durations.sort((a, b) => a - b);
  const quantile = (part: number) => durations[Math.ceil(part * durations.length) - 1] ?? 0;
  return {
    sent: total,
    tookMs,
    crowded,
    refused: Object.fromEntries(refused),
    errors: Object.fromEntries(errors),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max: quantile(1),
  };
}

// A thread is posted to, and no window: there is no origin to name.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(await sendAll(workerData as LoadOrder));
