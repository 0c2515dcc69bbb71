/** What the control API must show, as its documents say it: nothing here knows how a proxy is built. */
export interface State {
  readonly proxies: readonly ProxyState[];
  /** Native rules, in the order in which they came. */
  readonly rules: readonly RuleState[];
  /** The last number that a rule of each run was given; of unscoped ones under the empty name. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Addresses that another program listens on. */
  readonly taken: readonly string[];
}

export interface ProxyState {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  /** In the order in which they came. */
  readonly toxics: readonly ToxicState[];
}

export interface ToxicState {
  readonly attributes: Readonly<Record<string, number>>;
  readonly name: string;
  readonly type: string;
  readonly stream: string;
  readonly toxicity: number;
}

export interface RuleState {
  readonly id: string;
  readonly run?: string;
  readonly on: string;
  readonly match?: unknown;
  readonly inject: unknown;
  readonly trigger?: unknown;
  /** Armed for one request: it may show more than it was given. */
  readonly armed?: true;
}

/** One call, as it is sent. `body` is text: it may be anything. */
export interface Call {
  readonly line: string;
  readonly body?: string;
  readonly type?: string;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** What was answered, and what all proxies show afterwards: only what no document can foretell is read off them. */
export interface Seen {
  readonly reply: Reply;
  readonly proxies: ReadonlyMap<string, ProxyState>;
}

/** What must be answered. What is left out may be anything. */
export interface Expected {
  readonly status: number;
  /** Exactly this. */
  readonly body?: unknown;
  /** At least these members. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** An error body whose text is this, or fits. */
  readonly error?: string | RegExp;
}

export interface Step {
  readonly expected: Expected;
  readonly state: State;
}

/** Nothing has changed. */
export function refused(state: State, status: number, error: string | RegExp = /./): Step {
  return { expected: { status, error }, state };
}

/** As `GET /proxies/{p}` shows it: toxics of the upstream direction come first. */
export function shownProxy({ toxics, ...proxy }: ProxyState): object {
  return { ...proxy, toxics: shownToxics(toxics) };
}

export function shownToxics(toxics: readonly ToxicState[]): readonly ToxicState[] {
  const up = ({ stream }: ToxicState) => stream.toLowerCase() === 'upstream';
  return [...toxics.filter(up), ...toxics.filter((toxic) => !up(toxic))];
}
