import type { RequestHead, ResponseHead } from '../../src/proxy/exchange.ts';
import { parseRule, type UpstreamNames } from '../../src/proxy/rule-spec.ts';
import {
  createRuleBook,
  type ActiveRule,
  type Decision,
  type Firing,
  type RuleBook,
} from '../../src/proxy/rules.ts';

/** A book of rules on `stats`, asked without a wire, at times that the test sets. */
export interface TestBook {
  readonly book: RuleBook;
  readonly add: (spec: object, options?: { run?: string; old?: ActiveRule }) => ActiveRule;
  /** One request that is over at once. */
  readonly ask: (request?: Partial<Asked>) => string[];
  /** One request that goes on. */
  readonly decide: (request?: Partial<Asked>) => Decision;
  /** Asks so often, and gives the ordinals that were hit. */
  readonly hits: (times: number) => number[];
  /** Milliseconds since the book was made. */
  readonly at: (ms: number) => void;
}

export interface Asked {
  readonly run: string | null;
  readonly upstream: string;
  readonly call: string | null;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const NAMES: UpstreamNames = {
  stats: { calls: ['leaderboard', 'player-stats'] },
  other: { calls: ['login'] },
  cache: { calls: [], protocol: 'tcp' },
  secure: { calls: ['vault'], tls: true },
};

export function testBook(seed = 'test'): TestBook {
  let now = 1_700_000_000_000;
  const start = now;
  const book = createRuleBook(seed, () => now);
  const decide = (asked: Partial<Asked> = {}) => {
    const { run = null, upstream = 'stats', call = null, ...head } = asked;
    return book.onRequest({ run, upstream }, headOf(head), call);
  };
  const ask = (asked: Partial<Asked> = {}) => {
    const { firings } = decide(asked);
    book.release(firings);
    return firings.map(label);
  };
  return {
    book,
    add: (spec, { run, old } = {}) =>
      book.add(parseRule({ on: 'stats', inject: 'empty', ...spec }, NAMES), run ?? null, old),
    decide,
    ask,
    hits: (times) => Array.from({ length: times }, (_, i) => i + 1).filter(() => ask().length > 0),
    at(ms) {
      now = start + ms;
    },
  };
}

/** `r1 status request` */
export function label({ rule, fault, phase }: Firing): string {
  return `${rule.id} ${fault.name} ${phase}`;
}

export function headOf({
  method = 'GET',
  target = '/',
  headers = {},
}: Partial<Asked> = {}): RequestHead {
  return { method, target, path: target.split('?', 1)[0] ?? '', headers };
}

export function responseOf(status: number, headers: Record<string, string> = {}): ResponseHead {
  return { status, headers };
}
