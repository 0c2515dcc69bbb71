import type { Ask } from './ask.ts';

/** The board as the service says it, or its trouble as an error: never a 500. */
export const gateway: Ask['send'] = async ({ client, outage, recovery, headers }) => {
  const mustBeWell = recovery.isWell('gateway');
  const { name, reasons } = outage.board;
  const path = '/gateway/stats/leaderboards/top_ten/exrps';
  const { status } = await client.send('GET', path, headers.ada);
  const expected = STATUSES[name] ?? 200;
  if (status === expected) {
    if (status === 200) recovery.saw('gateway');
    return;
  }
  // Of an open breaker, and of a limit that asked to be left alone for a while.
  const isLeft = status === 503 || status === 429;
  if (isLeft && (reasons.length > 0 || !mustBeWell)) return;
  throw new Error(`expected ${expected} under ${name}, got ${status}`);
};

const STATUSES: Readonly<Record<string, number>> = {
  gone: 503,
  reset: 503,
  cut: 503,
  hang: 504,
  '503': 502,
  '404': 404,
  '429': 429,
  garbage: 502,
  html: 502,
};
