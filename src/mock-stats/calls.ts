/** A request that reached the data port. */
export interface Call {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** The request target exactly as it was received, query and percent-encoding included. */
  readonly path: string;
  readonly status: number;
  /** All request headers, names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** The latest 10,000 calls, oldest first, and how many there were in all on each route. */
export interface CallLog {
  readonly calls: readonly Call[];
  /** Calls by route, such as `{ "GET /stats/:product/:user": 2, "GET (unknown)": 1 }`. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A journal of calls that keeps no more than `limit` of them. */
export interface Calls {
  add(route: string, call: Call): void;
  read(): CallLog;
  clear(): void;
}

export function createCalls(limit = 10_000): Calls {
  let calls: Call[] = [];
  const counts = new Map<string, number>();
  return {
    add(route, call) {
      calls.push(call);
      if (calls.length > limit) calls.shift();
      counts.set(route, (counts.get(route) ?? 0) + 1);
    },
    read: () => ({ calls: [...calls], counts: Object.fromEntries(counts) }),
    clear() {
      calls = [];
      counts.clear();
    },
  };
}
