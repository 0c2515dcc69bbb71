/**
 * Keys and words of events and results. One that is told alone is never a secret: where `fail` is somebody's password, a
 * report still has its `failures`, and a cell its verdict.
 */
export const OUR_WORDS: ReadonlySet<string> = new Set(
  `accept answered atMs attempts baggage baseline body broken bytesIn bytesOut call cell cell:end cell:phase cell:start
  cells client-gone closed column counts crowded curl durationMs earlier errors exchanges exclusive exit expected failed
  failure failures fault faults file flaky handshake headers inconclusive index injected instance interrupted isolation
  leftOut line load matched method noFaults passed path pending phase plan planProblem pointer reason recovery recoveryMs
  refused replay request reset result rule run:end run:start scenario seed sent shard skipped startedAt status tags tookMs
  total type unframed upstream upstream-failed verdict version warnings`.split(/\s+/),
);
