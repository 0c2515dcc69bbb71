import type { Io } from './io.ts';

/** Waits until the user interrupts; what was started is then put back by who started it. */
export async function untilInterrupted({ signal }: Io): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
