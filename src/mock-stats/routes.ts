import { errorPage, htmlAnswer, type Answer } from './answer.ts';
import type { FixedAnswer } from './answers.ts';
import { matchPattern, parsePattern } from './pattern.ts';
import { pythonFloat, toPythonJson } from './python-json.ts';
import type { StatsStore } from './store.ts';

/** What the routes answer from. */
export interface Knowledge {
  readonly store: StatsStore;
  /** How many rows a board has at most. */
  readonly boardRows: number;
  readonly answers: readonly FixedAnswer[];
}

/** An answer and the route it belongs to, such as `GET /stats/:product/:user`; `GET (unknown)` where there is none. */
export interface Routed {
  readonly route: string;
  readonly answer: Answer;
}

/** Answers a request for a decoded path: a fixed answer where one fits, else what the original would say. */
export function route(method: string, path: string, known: Knowledge): Routed {
  const fixed = known.answers.find((answer) => answer.matches(method, path));
  for (const { text, pattern, read } of ROUTES) {
    const values = matchPattern(pattern, path);
    if (!values) continue;
    const answer = fixed?.answer ?? byMethod(method, () => read(known, values));
    return { route: `${method} ${text}`, answer };
  }
  return fixed ?? { route: `${method} (unknown)`, answer: errorPage(404) };
}

function byMethod(method: string, read: () => Answer): Answer {
  if (method === 'GET' || method === 'HEAD') return read();
  return method === 'OPTIONS' ? htmlAnswer(200, '', ALLOW) : errorPage(405, ALLOW);
}

function leaderboard({ store, boardRows }: Knowledge, [product = '']: readonly string[]): Answer {
  const rows = store.board(product).slice(0, boardRows);
  return htmlAnswer(200, toPythonJson(rows, pythonFloat));
}

function playerStats({ store }: Knowledge, [product = '', user = '']: readonly string[]): Answer {
  const stats = store.stats(product, user);
  return stats
    ? htmlAnswer(200, toPythonJson(Object.fromEntries(stats)))
    : htmlAnswer(400, 'Invalid product Id');
}

function define(text: string, read: (known: Knowledge, values: readonly string[]) => Answer) {
  return { text, pattern: parsePattern(text) ?? [], read };
}

const ALLOW = { Allow: 'HEAD, OPTIONS, GET' };

const ROUTES = [
  define('/leaderboards/top_ten/:product', leaderboard),
  define('/stats/:product/:user', playerStats),
];
