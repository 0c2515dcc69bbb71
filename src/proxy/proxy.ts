import { BrownoutError } from '../common/errors.ts';
import { hostAndPort } from '../common/listen-address.ts';
import { createAuthority, type Authority } from './authority.ts';
import { createDialled, type Accepted } from './dialled.ts';
import { createFaultControl, type OwnFaultControl } from './fault-control.ts';
import { createJournal, type Journal } from './journal.ts';
import { openListener, type ProxyListener } from './listener.ts';
import { createPlans, NO_PLANS } from './plans.ts';
import type { Meters } from './meters.ts';
import { createRuleBook } from './rules.ts';
import { createTally } from './tally.ts';
import { createTiming } from './timing.ts';
import { createTlsFront, type TlsFront } from './tls-accept.ts';
import { createTotals } from './traffic.ts';
import type { OpenUpstream, ProxyUpstream } from './proxy-upstream.ts';
import { connectUpstream, parseAddress, type UpstreamAddress } from './upstream.ts';
import { createKnownNames, type Known } from './upstream-names.ts';

export type { OpenUpstream, ProxyUpstream } from './proxy-upstream.ts';

/** The fault injector: listeners, the rules that act on them, and the journal of what was done. */
export interface Proxy extends AsyncDisposable {
  readonly control: OwnFaultControl;
  readonly upstreams: readonly OpenUpstream[];
  /** Requests may bring their own faults along. */
  readonly plans: boolean;
  /** Those that nobody listens for now, while their names, and the rules on them, stand. */
  readonly reserved: readonly ProxyUpstream[];
  /** Whether a connection that was accepted on this machine is one of its own to an upstream. */
  isOurs(accepted: Accepted): boolean;
  /** What it counts as it goes. */
  readonly meters: Meters;
  /**
   * @throws {BrownoutError} `port_taken`, `two_upstreams` for a name with other calls than before, or `disposed` when the
   *   proxy is
   */
  open(upstream: ProxyUpstream): Promise<OpenUpstream>;
  /**
   * Keeps an upstream's name while nobody listens by it; its target is not looked at. Gives what ends that.
   * @throws {BrownoutError} `two_upstreams`
   */
  reserve(upstream: ProxyUpstream): () => void;
  /**
   * Gives an upstream that is open other calls; its connections go on. Rules that stand on a call keep its name: check them
   * before.
   */
  nameCalls(name: string, calls: Readonly<Record<string, string>>): void;
}

export interface ProxyOptions {
  /** Every draw of every fault follows from it. */
  readonly seed?: string;
  /** Milliseconds since the epoch, in fractions. */
  readonly clock?: () => number;
  /** A request may bring its own faults along, as `baggage: brownout.plan=leaderboard=status:503`; not unless said. */
  readonly plans?: boolean;
}

/** Makes a proxy without a listener; `open` adds one. */
export function createProxy(options: ProxyOptions = {}): Proxy {
  const { seed = 'brownout', clock = systemClock } = options;
  const tally = createTally();
  const evaluation = createTiming();
  const rules = createRuleBook(seed, clock, evaluation);
  const isKnown = (run: string) =>
    rules.knows(run) || [...listeners.values()].some((opened) => opened.run === run);
  const journal: Journal = createJournal(clock, undefined, isKnown, tally);
  const listeners = new Map<ProxyListener, OpenUpstream>();
  const closed = createTotals();
  const dialled = createDialled();
  const reserved = new Set<ProxyUpstream>();
  const names = createKnownNames((name) =>
    rules.list().some(({ planned }) => planned.upstream === name),
  );
  const plans = options.plans ? createPlans({ seed, clock, names: () => names.all() }) : NO_PLANS;
  // All upstreams have one authority, which is made when the first asks for it.
  let authority: Promise<Authority> | undefined;
  let disposed = false;
  const control = createFaultControl({
    clock,
    rules,
    journal,
    listeners: () => [...listeners.keys()],
    names: () => names.all(),
  });

  return {
    control,
    plans: options.plans ?? false,
    isOurs: (accepted) => dialled.isOurs(accepted),
    meters: {
      tally,
      evaluation,
      rules: () => rules.list().length,
      traffic: () => closed.with([...listeners.values()]),
    },
    get upstreams() {
      return [...listeners.values()];
    },
    get reserved() {
      return [...reserved];
    },
    async open(upstream) {
      const address = parseAddress(upstream.target);
      const known = names.take(upstream);
      const opened = await listenFor(upstream, address, known).catch((error: unknown) => {
        names.release(upstream.name);
        throw error;
      });
      const { listener } = opened;
      await control.admit(listener, () => listeners.set(listener, opened.upstream));
      if (!disposed) return opened.upstream;
      // It was under way when all the others were closed: nobody else would close it.
      await opened.upstream[Symbol.asyncDispose]();
      throw new BrownoutError('disposed', 'the proxy has been disposed: make another');
    },
    reserve(upstream) {
      names.take(upstream);
      const kept = { ...upstream };
      reserved.add(kept);
      return () => {
        if (reserved.delete(kept)) names.release(upstream.name);
      };
    },
    nameCalls: (name, calls) => names.recall(name, calls),
    async [Symbol.asyncDispose]() {
      disposed = true;
      for (const rule of rules.list()) rules.remove(rule);
      await Promise.all([...listeners.values()].map((opened) => opened[Symbol.asyncDispose]()));
      // How the last exchanges ended is told, too.
      control.end();
    },
  };

  async function listenFor(
    upstream: ProxyUpstream,
    address: UpstreamAddress,
    known: Known,
  ): Promise<{ listener: ProxyListener; upstream: OpenUpstream }> {
    const { protocol } = known;
    const { host = '127.0.0.1', targetCa } = upstream;
    const protocols = protocol === 'http' ? ['http/1.1'] : undefined;
    const tls = upstream.tls
      ? createTlsFront(await (authority ??= createAuthority(clock())), host, protocols)
      : undefined;
    const listener = await openListener({
      scope: { run: upstream.run ?? null, upstream: upstream.name },
      shared: {
        rules,
        journal,
        plans,
        clock,
        callOf: (request) => known.calls.find(({ matches }) => matches(request))?.name ?? null,
        host: upstream.ownHost ? address.authority : undefined,
        unframed: upstream.unframed ?? 'relay',
        upstreamError: upstream.upstreamError ?? 'reset',
        connect: () => dialled.note(connectUpstream(address, { ca: targetCa, protocols })),
        tls,
      },
      protocol,
      host,
      port: upstream.port,
    });
    return { listener, upstream: openUpstream(upstream, listener, tls, known) };
  }

  function openUpstream(
    made: ProxyUpstream,
    listener: ProxyListener,
    tls: TlsFront | undefined,
    known: Known,
  ): OpenUpstream {
    const { name, protocol = 'http' } = made;
    const address = hostAndPort(listener);
    const traffic = () => listener.traffic();
    return {
      name,
      get run() {
        return listener.scope.run ?? undefined;
      },
      get calls() {
        return known.named;
      },
      address,
      url: `${tls ? SECURED[protocol] : protocol}://${address}`,
      ...(tls ? { ca: tls.ca } : {}),
      lend(run) {
        for (const one of [run, listener.scope.run ?? undefined])
          if (one !== undefined && rules.list(one).length > 0) throw rulesStand(one);
        listener.lend(run);
      },
      traffic,
      get made() {
        return { ...made, calls: known.named };
      },
      async [Symbol.asyncDispose]() {
        if (!listeners.delete(listener)) return listener[Symbol.asyncDispose]();
        names.release(name);
        await closed.add({ name, traffic }, listener[Symbol.asyncDispose]());
      },
    };
  }
}

/** What they do to the port, and to connections that are open, is done already. */
function rulesStand(run: string): BrownoutError {
  return new BrownoutError('rules_stand', `rules of the run "${run}" stand: lift them first`);
}

const SECURED = { http: 'https', tcp: 'tls' } as const;

function systemClock(): number {
  return performance.timeOrigin + performance.now();
}
