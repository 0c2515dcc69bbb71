import type { Random } from '../../../src/common/random.ts';
import { BOARD, hang, json, raw, reset, STATS, text, type Answer } from '../stub-stats.ts';

/** A state of one call of the stats service. */
export interface Trouble {
  readonly name: string;
  readonly answer: (healthy: unknown) => Answer;
  /** The reasons that a flag may have; none where the call is well. */
  readonly reasons: readonly string[];
}

/** What both calls suffer for a while. */
export interface Outage {
  /** Nobody listens: whatever the calls would do, they are unreachable. */
  readonly refused: boolean;
  readonly board: Trouble;
  readonly stats: Trouble;
}

/** The outage of a phase of the soak; every other one is none, so that recovery is seen as often. */
export function outageOf(phase: number, random: Random): Outage {
  if (phase % 2 === 0) return { refused: false, board: WELL, stats: WELL };
  if (random() < 1 / 8) return { refused: true, board: GONE, stats: GONE };
  const draw = () => TROUBLES[Math.floor(random() * TROUBLES.length)] ?? WELL;
  return { refused: false, board: draw(), stats: draw() };
}

export function describeOutage({ refused, board, stats }: Outage): string {
  return refused ? 'refused' : `${board.name} / ${stats.name}`;
}

export const HEALTHY = { board: BOARD, stats: STATS };

const WELL: Trouble = { name: 'well', answer: (healthy) => json(healthy), reasons: [] };
const GONE: Trouble = { name: 'gone', answer: () => reset, reasons: ['unreachable'] };
const TROUBLES: readonly Trouble[] = [
  WELL,
  { name: 'reset', answer: () => reset, reasons: ['unreachable'] },
  { name: 'hang', answer: () => hang, reasons: ['timeout'] },
  { name: '503', answer: (healthy) => json(healthy, 503), reasons: ['bad_status'] },
  { name: '404', answer: () => text('<h1>Not Found</h1>', 404), reasons: ['bad_status'] },
  {
    name: '429',
    answer: () => text('', 429, { 'Retry-After': '1' }),
    reasons: ['rate_limited'],
  },
  { name: 'garbage', answer: () => raw('\u0000\u0001nonsense'), reasons: ['invalid_response'] },
  { name: 'html', answer: () => text('<!doctype html>'), reasons: ['invalid_response'] },
  {
    name: 'cut',
    answer: () => raw('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[{'),
    reasons: ['unreachable'],
  },
  {
    name: 'slow',
    answer: (healthy) => (exchange) => void setTimeout(() => json(healthy)(exchange), 5),
    reasons: [],
  },
];
