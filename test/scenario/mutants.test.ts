import { expect } from 'chai';
import type { CellResult } from '../../src/scenario/result.ts';
import { later } from './judged.ts';
import { runMutant, type GamePage, type Twist } from './mutant.ts';

interface Mutant {
  /** Of scenarios/portal; the first cell of the leaderboard fails, that of the player's stats passes unless said. */
  readonly file?: string;
  readonly cells?: readonly string[];
  readonly twist: Twist;
  /** `pointer: expected …, got …`: all that is blamed, and nothing else. */
  readonly failures: readonly (string | RegExp)[];
  readonly verdict?: string;
  /** What comes of the other cell. */
  readonly other?: string;
}

const ONE_CALL = ['[leaderboard,status:500]', '[player-stats,status:500]'];

/** It goes wrong only where the leaderboard is lost. */
const whenLost =
  (change: (page: GamePage) => object): Twist =>
  ({ page }) =>
    page.leaderboard.error ? { page: { ...page, ...change(page) } } : {};

const MUTANTS: Record<string, Mutant> = {
  'forgets a flag': {
    twist: whenLost(({ leaderboard }) => ({ leaderboard: { ...leaderboard, error: false } })),
    failures: ['/leaderboard/error: expected true, got false'],
  },
  'raises a second flag': {
    twist: whenLost(({ player_stats }) => ({ player_stats: { ...player_stats, error: true } })),
    failures: ['/player_stats/error: expected false, got true'],
  },
  'loses the data of the healthy half': {
    twist: whenLost(({ player_stats }) => ({ player_stats: { ...player_stats, data: {} } })),
    failures: [
      '/player_stats/data/games: expected "17", got undefined',
      '/player_stats/data/wins: expected "14", got undefined',
      '/player_stats/data/losses: expected "3", got undefined',
      '/player_stats/data/rock_selection_count: expected "8", got undefined',
      '/player_stats/data/paper_selection_count: expected "5", got undefined',
      '/player_stats/data/scissors_selection_count: expected "4", got undefined',
    ],
  },
  'shows stale data in the place of none': {
    twist({ page, memory }) {
      const { data } = page.leaderboard;
      if (!page.leaderboard.error) memory.set('board', data);
      return { page: { ...page, leaderboard: { ...page.leaderboard, data: memory.get('board') } } };
    },
    failures: [/^\/leaderboard\/data: expected \[\], got \[\{.+\}\]$/],
  },
  'says that all is well in all': {
    twist: whenLost(() => ({ degraded: false })),
    failures: ['/degraded: expected true, got false'],
  },
  'says that all is well in all, when the other call is lost too': {
    twist: ({ page }) => ({ page: { ...page, degraded: false } }),
    failures: ['/degraded: expected true, got false'],
    other: 'failed',
  },
  'loses a part that has nothing to do with it': {
    twist: whenLost(({ game }) => ({ game: { ...(game as object), name: null } })),
    failures: ['/game/name: expected "Exploding Rock Paper Scissors", got null'],
  },
  'tells where its upstream is': {
    twist: ({ page, upstream }) =>
      page.leaderboard.error ? { page: { ...page, hint: `asked ${upstream}` } } : {},
    failures: [
      /^\/hint: expected undefined, got "asked 127/,
      /^body: expected nowhere "127\.0\.0\.1:\d+", got …/,
    ],
  },
  'tells the error of its socket, even in the part that is lost': {
    twist: whenLost(({ leaderboard }) => ({
      leaderboard: { ...leaderboard, reason: 'connect ECONNREFUSED' },
    })),
    failures: [
      'body: expected nowhere "ECONN", got …e,"reason":"connect ECONNREFUSED","retryable"…',
    ],
  },
  'shows a stack': {
    twist: whenLost(({ leaderboard }) => ({
      leaderboard: { ...leaderboard, stack: 'at get (/srv/node_modules/undici/index.js:1:1)' },
    })),
    failures: [/^body: expected nowhere "node_modules", got …/],
  },
  'answers 500': {
    twist: ({ page }) => (page.leaderboard.error ? { status: 500 } : {}),
    failures: ['status: expected 200, got 500'],
  },
  'answers too late': {
    async twist({ page }) {
      if (page.leaderboard.error) await later(1250);
      return {};
    },
    failures: [/^time: expected "at most 1\.2s", got "1\.\d+s"$/],
  },
  'tries five times': {
    async twist({ page, upstream }) {
      if (page.leaderboard.error)
        for (let i = 0; i < 3; i++) await fetch(`http://${upstream}/leaderboards/top_ten/exrps`);
      return {};
    },
    failures: ['calls of leaderboard: expected {"max":2}, got 5'],
  },
  'does not recover': {
    cells: ['[leaderboard,status:500]'],
    twist({ page, memory }) {
      if (page.leaderboard.error) memory.set('lost', page.leaderboard);
      const { leaderboard = page.leaderboard } = Object.fromEntries([
        ['leaderboard', memory.get('lost')],
      ]) as Partial<GamePage>;
      return { page: { ...page, leaderboard, degraded: leaderboard.error || page.degraded } };
    },
    failures: [
      'recovery: expected "whole again within 200ms of lifting the faults", got "still not"',
      '/leaderboard/error: expected false, got true',
      '/degraded: expected false, got true',
    ],
  },
  'is degraded before any fault': {
    twist: ({ page }) => ({
      page: { ...page, leaderboard: { ...page.leaderboard, data: [], error: true } },
    }),
    failures: ['/leaderboard/error: expected false, got true'],
    verdict: 'broken',
    other: 'broken',
  },
};

describe('a portal that', () => {
  for (const [what, mutant] of Object.entries(MUTANTS)) {
    const { file = 'one-call.yaml', cells = ONE_CALL, twist, failures } = mutant;
    it(`${what} is caught by the shipped contract, by the right words`, async () => {
      const result = await runMutant(file, cells, twist);
      const [caught, other] = result.cells;

      expect(caught?.verdict, caught?.reason ?? '').to.equal(mutant.verdict ?? 'failed');
      expectEach(said(caught), failures);
      if (cells.length > 1)
        expect(other?.verdict, other?.reason ?? '').to.equal(mutant.other ?? 'passed');
      expect(result.exit).to.equal(mutant.verdict === 'broken' ? 4 : 1);
    });
  }
});

function said(cell: CellResult | undefined): string[] {
  return (cell?.failures ?? []).map(
    ({ pointer, expected, got }) => `${pointer}: expected ${shown(expected)}, got ${shown(got)}`,
  );
}

function shown(value: unknown): string {
  const isSentence = typeof value === 'string' && /^(nowhere|…)/.test(value);
  return isSentence ? value : JSON.stringify(value);
}

function expectEach(got: readonly string[], wanted: readonly (string | RegExp)[]): void {
  const fits = (text: string, one: string | RegExp | undefined) =>
    typeof one === 'string' ? text === one : one?.test(text) === true;
  expect(got.map((text, i) => (fits(text, wanted[i]) ? String(wanted[i]) : text))).to.deep.equal(
    wanted.map(String),
  );
}
