import type { Socket } from 'node:net';
import { followHttp } from './follow-http.ts';
import { followTcp } from './follow-tcp.ts';
import { NO_REQUEST, type End, type OpenEntry } from './journal.ts';
import { createLink, type Link } from './link.ts';
import type { ActiveRule, Firing } from './rules.ts';
import { handshakeSurface, linkSurface, markOf } from './surface.ts';
import type { HandshakeRules, TlsFront } from './tls-accept.ts';
import { NO_TRAFFIC, plus, trafficOf, type Traffic } from './traffic.ts';
import { idsOf, type Shared } from './turns.ts';

/** The connections of a listener. */
export interface Connections {
  /** Pairs a socket that was just accepted with the upstream; the rules that act on connections act first. */
  take(socket: Socket): void;
  /** Lets a rule that has just come act on the connections that are open already; resolves when what it cuts is cut. */
  actOnLive(rule: ActiveRule): Promise<void>;
  /** Those that are open are of the listener's scope from now on: what they did before stays whose it was. */
  passOn(): void;
  /** Ends them all by RST. */
  abort(): void;
  /** What they have moved, those that are over included. */
  traffic(): Traffic;
}

export function createConnections(shared: Shared, protocol: 'http' | 'tcp'): Connections {
  const { rules, journal, clock } = shared;
  const links = new Map<Link, Own | undefined>();
  let over = NO_TRAFFIC;

  return {
    take(socket) {
      const link = createLink(socket, shared);
      const firings = rules.onConnection(shared.scope, link);
      const own = protocol === 'tcp' ? { entry: openEntry(firings), ...NOTHING_MOVED } : undefined;
      links.set(link, own);
      link.onReleased(() => {
        links.delete(link);
        over = plus(over, trafficOf(link, 0));
      });
      if (own) link.onGone(() => completeOwn(link, link.end));
      void begin(link, firings, own?.entry);
    },
    async actOnLive(rule) {
      const acting = [...links].flatMap(([link, own]) => {
        const firings = link.gone ? [] : rules.onLive(rule, link);
        if (firings.length === 0) return [];
        own?.entry.match(idsOf(firings));
        const acted = act(link, firings, own?.entry, true);
        return firings.some(({ fault }) => fault.waits) ? [] : [acted];
      });
      await Promise.all(acting);
    },
    passOn() {
      for (const [link, own] of links) {
        if (!own || link.gone) continue;
        completeOwn(link, 'answered');
        links.set(link, { entry: openEntry([]), received: link.received, sent: link.down.sent });
      }
    },
    abort() {
      for (const link of links.keys()) link.abort();
    },
    traffic: () => [...links.keys()].reduce((sum, link) => plus(sum, trafficOf(link, 1)), over),
  };

  /** Without rules and TLS, bytes move at once. */
  async function begin(
    link: Link,
    firings: readonly Firing[],
    own: OpenEntry | undefined,
  ): Promise<void> {
    if (firings.length > 0) await act(link, firings, own, false);
    else if (shared.tls) await agree(link, shared.tls, async () => {});
    if (!link.gone) start(link);
  }

  function start(link: Link): void {
    const entry = () => links.get(link)?.entry;
    link.start(protocol === 'http' ? followHttp(link, shared) : followTcp(link, shared, entry));
    // At once: what the upstream does before it is asked anything, the client is to see too.
    if (!link.gone) link.connect();
  }

  function completeOwn(link: Link, end: End): void {
    const own = links.get(link);
    if (!own) return;
    own.entry.complete(end, null, link.received - own.received, link.down.sent - own.sent);
  }

  function openEntry(firings: readonly Firing[]): OpenEntry {
    return journal.open({ ...shared.scope, ...NO_REQUEST, matched: idsOf(firings) });
  }

  /** @param own the connection's own entry; without one, what is done here gets one */
  async function act(
    link: Link,
    firings: readonly Firing[],
    own: OpenEntry | undefined,
    live: boolean,
  ): Promise<void> {
    const entry = own ?? openEntry(firings);
    const lasting: (() => void)[] = [];
    for (const firing of firings) {
      if (link.gone || firing.rule.waits.released) continue;
      const mark = markOf(firing, entry);
      const lasts = (end: () => void) => void lasting.push(end);
      const surface = linkSurface(link, firing, { mark, now: clock, live, lasts });
      await firing.fault.onLink?.(surface, firing.values);
    }
    if (shared.tls && !live) {
      await agree(link, shared.tls, async (handshake) => {
        for (const firing of firings) {
          if (!firing.fault.onHandshake || link.gone || firing.rule.waits.released) continue;
          // What the client makes of it shows after the handshake: by leaving, or not.
          lasting.push(() => {});
          const surface = handshakeSurface(handshake, markOf(firing, entry));
          await firing.fault.onHandshake(surface, firing.values);
        }
      });
    }
    void actedOut(link, firings, lasting.length > 0).then(() => {
      for (const end of lasting) end();
      rules.release(firings);
      if (!own) entry.complete(link.gone ? link.end : 'answered');
    });
  }
}

/** The entry of a connection of which only the bytes are known, and what it had moved when the entry was opened. */
interface Own {
  readonly entry: OpenEntry;
  readonly received: number;
  readonly sent: number;
}

const NOTHING_MOVED = { received: 0, sent: 0 };

function agree(link: Link, tls: TlsFront, act: HandshakeRules['act']): Promise<void> {
  return link.wrap((raw) => tls.accept(raw, { act, close: () => link.close() }));
}

/** Resolves when the firings have done all that they do: at once, or when they are lifted or their connection is gone. */
async function actedOut(link: Link, firings: readonly Firing[], lasts: boolean): Promise<void> {
  if (lasts) await Promise.all(firings.map(({ rule }) => rule.waits.wait(Infinity, link)));
}
