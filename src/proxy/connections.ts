import type { Socket } from 'node:net';
import { followHttp } from './follow-http.ts';
import { followTcp } from './follow-tcp.ts';
import { NO_REQUEST, type OpenEntry } from './journal.ts';
import { createLink, type Link } from './link.ts';
import type { ActiveRule, Firing } from './rules.ts';
import { linkSurface, markOf } from './surface.ts';
import { idsOf, type Shared } from './turns.ts';

/** The connections of a listener. */
export interface Connections {
  /** Pairs a socket that was just accepted with the upstream; the rules that act on connections act first. */
  take(socket: Socket): void;
  /** Lets a rule that has just come act on the connections that are open already; resolves when what it cuts is cut. */
  actOnLive(rule: ActiveRule): Promise<void>;
  /** Ends them all by RST. */
  abort(): void;
}

export function createConnections(shared: Shared, protocol: 'http' | 'tcp'): Connections {
  const { scope, rules, journal, clock } = shared;
  const links = new Map<Link, OpenEntry | undefined>();

  return {
    take(socket) {
      const link = createLink(socket, shared);
      const firings = rules.onConnection(scope);
      const own = protocol === 'tcp' ? openEntry(firings) : undefined;
      links.set(link, own);
      link.onReleased(() => links.delete(link));
      if (own) link.onGone(() => own.complete(link.end, null, link.received, link.down.sent));
      if (firings.length === 0) start(link);
      else void act(link, firings, own, false).then(() => link.gone || start(link));
    },
    async actOnLive(rule) {
      const acting = [...links].flatMap(([link, own]) => {
        const firings = link.gone ? [] : rules.onLive(rule);
        if (firings.length === 0) return [];
        own?.match(idsOf(firings));
        const acted = act(link, firings, own, true);
        return firings.some(({ fault }) => fault.waits) ? [] : [acted];
      });
      await Promise.all(acting);
    },
    abort() {
      for (const link of links.keys()) link.abort();
    },
  };

  function start(link: Link): void {
    if (protocol === 'http') return link.start(followHttp(link, shared));
    link.connect();
    link.start(followTcp(link));
  }

  function openEntry(firings: readonly Firing[]): OpenEntry {
    return journal.open({ ...scope, ...NO_REQUEST, matched: idsOf(firings) });
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
    void over(link, firings, lasting.length > 0).then(() => {
      for (const end of lasting) end();
      rules.release(firings);
      if (!own) entry.complete(link.gone ? link.end : 'answered');
    });
  }
}

/** Resolves when the firings have done all that they do: at once, or when they are lifted or their connection is gone. */
async function over(link: Link, firings: readonly Firing[], lasts: boolean): Promise<void> {
  if (lasts) await Promise.all(firings.map(({ rule }) => rule.waits.wait(Infinity, link)));
}
