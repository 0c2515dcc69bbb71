import { Worker } from 'node:worker_threads';
import type { RequestSpec } from '../requests/request.ts';

/** Many requests of one kind. Times are milliseconds. */
export interface LoadOrder {
  readonly url: string;
  readonly request: RequestSpec;
  /** Requests a second. */
  readonly rate: number;
  readonly forMs: number;
  /** After so long each request is given up. */
  readonly deadline: number;
  readonly connections: number;
}

export interface LoadReport {
  readonly sent: number;
  /** From the first that was sent until one more would have been. */
  readonly tookMs: number;
  /** At some time as many as there may be were waiting for their answers. */
  readonly crowded: boolean;
  /** How many were answered by 400 to 499, by the status. */
  readonly refused: Readonly<Record<string, number>>;
  /** How many were answered by what is no answer, by what that was: `503`, `no answer within 1s`. */
  readonly errors: Readonly<Record<string, number>>;
  /** What requests took at most, those without an answer too. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Sends them from a thread of their own. It is gone when the promise settles, at once where `signal` aborts. */
export async function sendLoad(order: LoadOrder, signal: AbortSignal): Promise<LoadReport> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./load-worker.js', import.meta.url), { workerData: order });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<LoadReport>((resolve, reject) => {
      let report: LoadReport | undefined;
      worker.on('message', (told: LoadReport) => (report = told));
      worker.on('error', reject);
      worker.on('exit', () => {
        if (report) resolve(report);
        else reject((signal.reason as Error | undefined) ?? new Error('the load was not sent'));
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
