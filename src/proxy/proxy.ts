import { BrownoutError } from '../common/errors.ts';
import { createAuthority, type Authority } from './authority.ts';
import type { RequestHead } from './exchange.ts';
import { createFaultControl, type FaultControl } from './fault-control.ts';
import { createJournal, type Journal } from './journal.ts';
import { openListener, type ProxyListener } from './listener.ts';
import { parseMatch, type Match } from './match.ts';
import { createRuleBook } from './rules.ts';
import { createTlsFront, type TlsFront } from './tls-accept.ts';
import { connectUpstream, parseAddress } from './upstream.ts';
import type { UpstreamNames } from './rule-spec.ts';

/** An upstream to stand in front of. */
export interface ProxyUpstream {
  /** As rules name it. */
  readonly name: string;
  /** `http://host:port` or https; with `protocol: tcp` also `host:port`, `tcp://host:port` or `tls://host:port`. */
  readonly target: string;
  /** What is spoken: `http` unless said. What is not HTTP/1.1 is relayed either way. */
  readonly protocol?: 'http' | 'tcp';
  /** The calls that are made to it, as `GET /stats/:product/:user`, by name. The first that fits names a request. */
  readonly calls?: Readonly<Record<string, string>>;
  /** Only rules of this run, and unscoped ones, act on this listener. */
  readonly run?: string;
  readonly host?: string;
  /** A fixed port; a random one otherwise. */
  readonly port?: number;
  /** Send the target's own name as Host, not the client's. */
  readonly ownHost?: boolean;
  /** It is reached by TLS, with a certificate of the proxy's own authority, whatever the target speaks. */
  readonly tls?: boolean;
  /** Who vouches for a target that speaks TLS, in PEM; those whom the system and NODE_EXTRA_CA_CERTS trust, unless said. */
  readonly targetCa?: string;
  /** What becomes of bytes that cannot be followed as HTTP/1.1: they are relayed as they are, unless said, or refused by 400. */
  readonly unframed?: 'relay' | 'refuse';
  /** What the client sees of an upstream that cannot be reached, or broke: a reset, unless said. */
  readonly upstreamError?: 'reset' | 'close' | '502';
}

/** An upstream's address, as the service under test sees it. Disposing it closes the port and resets connections. */
export interface OpenUpstream extends AsyncDisposable {
  readonly name: string;
  /** The run whose rules act on it; absent where only unscoped ones do. */
  readonly run?: string;
  readonly calls: Readonly<Record<string, string>>;
  /** `host:port` */
  readonly address: string;
  /** `http://host:port`, or `https`, `tcp` or `tls`. */
  readonly url: string;
  /** With TLS: the certificate of the authority that a client has to trust, in PEM. */
  readonly ca?: string;
}

/** The fault injector: listeners, the rules that act on them, and the journal of what was done. */
export interface Proxy extends AsyncDisposable {
  readonly control: FaultControl;
  readonly upstreams: readonly OpenUpstream[];
  /** @throws {BrownoutError} `port_taken`, or `two_upstreams` for a name with other calls than before */
  open(upstream: ProxyUpstream): Promise<OpenUpstream>;
}

export interface ProxyOptions {
  /** Every draw of every fault follows from it. */
  readonly seed?: string;
  /** Milliseconds since the epoch, in fractions. */
  readonly clock?: () => number;
}

/** Makes a proxy without a listener; `open` adds one. */
export function createProxy(options: ProxyOptions = {}): Proxy {
  const { seed = 'brownout', clock = systemClock } = options;
  const journal: Journal = createJournal(clock);
  const rules = createRuleBook(seed, clock);
  const listeners = new Map<ProxyListener, OpenUpstream>();
  const known = new Map<string, Known>();
  // All upstreams have one authority, which is made when the first asks for it.
  let authority: Promise<Authority> | undefined;
  const control = createFaultControl({
    clock,
    rules,
    journal,
    listeners: () => [...listeners.keys()],
    names: () => namesOf(known),
  });

  return {
    control,
    get upstreams() {
      return [...listeners.values()];
    },
    async open(upstream) {
      const address = parseAddress(upstream.target);
      const { protocol, calls } = learn(upstream);
      const { host = '127.0.0.1', targetCa } = upstream;
      const protocols = protocol === 'http' ? ['http/1.1'] : undefined;
      const tls = upstream.tls
        ? createTlsFront(await (authority ??= createAuthority(clock())), host, protocols)
        : undefined;
      const listener = await openListener({
        shared: {
          scope: { run: upstream.run ?? null, upstream: upstream.name },
          rules,
          journal,
          clock,
          callOf: (request) => calls.find(({ matches }) => matches(request))?.name ?? null,
          host: upstream.ownHost ? address.authority : undefined,
          unframed: upstream.unframed ?? 'relay',
          upstreamError: upstream.upstreamError ?? 'reset',
          connect: () => connectUpstream(address, { ca: targetCa, protocols }),
          tls,
        },
        protocol,
        host,
        port: upstream.port,
      });
      const opened = openUpstream(upstream, listener, tls);
      await control.admit(listener, () => listeners.set(listener, opened));
      return opened;
    },
    async [Symbol.asyncDispose]() {
      for (const rule of rules.list()) rules.remove(rule);
      control.end();
      await Promise.all([...listeners.values()].map((opened) => opened[Symbol.asyncDispose]()));
    },
  };

  /** Rules are checked against the names of upstreams, so one name means one protocol and one set of calls in all runs. */
  function learn({ name, protocol = 'http', tls = false, calls = {} }: ProxyUpstream): Known {
    const text = JSON.stringify({ protocol, tls, calls });
    const before = known.get(name);
    if (before && before.text !== text) {
      throw new BrownoutError(
        'two_upstreams',
        `the upstream "${name}" is open already, with another protocol or other calls`,
      );
    }
    const learnt = before ?? {
      text,
      protocol,
      tls,
      calls: Object.entries(calls).map(([call, pattern]) => {
        const match = parseMatch(pattern);
        return { name: call, matches: (request: RequestHead) => match.request(request) };
      }),
    };
    known.set(name, learnt);
    return learnt;
  }

  function openUpstream(
    { name, run, calls = {}, protocol = 'http' }: ProxyUpstream,
    listener: ProxyListener,
    tls: TlsFront | undefined,
  ): OpenUpstream {
    const host = listener.host.includes(':') ? `[${listener.host}]` : listener.host;
    const address = `${host}:${listener.port}`;
    return {
      name,
      ...(run === undefined ? {} : { run }),
      calls,
      address,
      url: `${tls ? SECURED[protocol] : protocol}://${address}`,
      ...(tls ? { ca: tls.ca } : {}),
      async [Symbol.asyncDispose]() {
        listeners.delete(listener);
        await listener[Symbol.asyncDispose]();
      },
    };
  }
}

/** What rules may say of an upstream. */
interface Known {
  readonly text: string;
  readonly protocol: 'http' | 'tcp';
  readonly tls: boolean;
  readonly calls: readonly { readonly name: string; readonly matches: Match['request'] }[];
}

function namesOf(known: ReadonlyMap<string, Known>): UpstreamNames {
  return Object.fromEntries(
    [...known].map(([name, { protocol, tls, calls }]) => [
      name,
      { protocol, tls, calls: calls.map((call) => call.name) },
    ]),
  );
}

const SECURED = { http: 'https', tcp: 'tls' } as const;

function systemClock(): number {
  return performance.timeOrigin + performance.now();
}
