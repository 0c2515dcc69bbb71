import type { JournalEntry } from '../../proxy/journal.ts';
import type { Finding } from '../../scenario/expectation.ts';
import type { Verdict } from '../../scenario/result.ts';

/** One request with faults on it, as it was asked for. */
export interface Asked {
  /** The contract's request, unless said. */
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  /** An identity of the system. */
  readonly as?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** A body, sent as JSON. */
  readonly json?: unknown;
  /** The contract that it is judged by, by name. */
  readonly contract?: string | undefined;
  /** Addresses such as `leaderboard=status:503`. */
  readonly faults?: readonly string[] | undefined;
  /** Names of presets of the system. */
  readonly presets?: readonly string[] | undefined;
  /** All of it as it was for the request that this exchange of the journal was made for. */
  readonly entry?: number | undefined;
}

/** What is told of it: the answer as soon as it is there, then what is known of it. */
export type Told = ToldAnswer | ToldVerdict;

export interface ToldAnswer {
  readonly type: 'answer';
  readonly method: string;
  readonly path: string;
  readonly as: string | null;
  /** What was broken for it: `leaderboard=hang`, or rules in a line each. */
  readonly faults: readonly string[];
  /** How others were kept out of it; null where nothing was broken for it. */
  readonly isolation: 'instance' | 'baggage' | 'exclusive' | null;
  /** Why it could not be by baggage. */
  readonly why: string | null;
  /** Faults that stood for everybody, in a line each. */
  readonly standing: readonly string[];
  /** Null where no answer came, for which `problem` says why. */
  readonly status: number | null;
  readonly problem: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly durationMs: number;
}

export interface ToldVerdict {
  readonly type: 'verdict';
  /** Null where there is no contract, and nothing else to judge. */
  readonly verdict: Exclude<Verdict, 'skipped'> | null;
  readonly exit: number;
  readonly reason: string | null;
  /** The contract that it was judged by. */
  readonly contract: string | null;
  readonly findings: readonly Finding[];
  /** What the service asked of its upstreams for it. */
  readonly exchanges: readonly JournalEntry[];
  /** Where the answer is not as when all is well: `expected` is the healthy one. Null where there is none to compare with. */
  readonly differences: readonly Finding[] | null;
  /** Of the same request while all was well. */
  readonly healthy: { readonly status: number | null; readonly durationMs: number } | null;
  /** Why there is no healthy answer to compare with. */
  readonly whyNone: string | null;
  readonly curl: string;
  /** `open-game~leaderboard=hang`, where a line can say all of it. */
  readonly address: string | null;
  readonly saved: Saved;
}

/** What a scenario of it is made of. */
export interface Saved {
  readonly systemFile: string;
  readonly contractFile: string | null;
  /** It is the contract's own request. */
  readonly ofContract: boolean;
  readonly faults: readonly unknown[];
  /** Something acts on connections: that the request comes there has to be seen first. */
  readonly onConnections: boolean;
  /** What the answer showed to be broken, as `expect.degraded` says it. */
  readonly degraded: 'exact' | 'none' | 'either' | readonly string[];
}
