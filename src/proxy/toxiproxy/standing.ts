import { BrownoutError, messageOf } from '../../common/errors.ts';
import { hostAndPort, type ListenAddress } from '../../common/listen-address.ts';
import type { OpenUpstream, Proxy, ProxyUpstream } from '../proxy.ts';
import { cannotListen, readListen, readUpstream, resolveListen, upstreamText } from './address.ts';
import { ToxiproxyError } from './toxiproxy-error.ts';

/** A proxy of Toxiproxy's kind: an upstream of ours that is open, or that is kept closed under its name. */
export interface Standing {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

/** What may be changed of one. */
export type Wish = Pick<Standing, 'listen' | 'upstream' | 'enabled'>;

/** All there are, whoever has opened them; those of a run are its own. */
export interface StandingProxies {
  all(): readonly Standing[];
  find(name: string): Standing | undefined;
  create(name: string, wish: Wish): Promise<Standing>;
  /** Whole or not at all. */
  change(name: string, wish: Wish): Promise<Standing>;
  /** Whether it stands at these addresses. */
  same(standing: Standing, wish: Pick<Wish, 'listen' | 'upstream'>): Promise<boolean>;
  /** Closes the port for good, and ends what is open. */
  remove(name: string): Promise<void>;
  /** The names of its calls, where it has any. */
  calls(name: string): readonly string[];
}

interface Held extends Standing {
  /** How it is opened again, its addresses apart. */
  readonly made: ProxyUpstream;
  readonly opened?: OpenUpstream;
  /** Lets go of its name, where that is kept. */
  readonly release?: () => void;
}

export function createStandingProxies(proxy: Proxy): StandingProxies {
  /** Those that were made or changed here. */
  const own = new Map<string, Held>();

  return {
    all: () => held().map(shown),
    find: (name) => {
      const found = find(name);
      return found && shown(found);
    },
    same,
    calls: (name) => Object.keys(find(name)?.made.calls ?? {}),
    async create(name, wish) {
      checkCalls(name);
      const made: ProxyUpstream = { name, target: `tcp://${wish.upstream}`, protocol: 'tcp' };
      const text = { name, listen: wish.listen, upstream: wish.upstream };
      return keep(wish.enabled ? await open(made, text) : reserve(made, text));
    },
    async change(name, wish) {
      const before = known(name);
      const { made } = before;
      const text = { name, listen: wish.listen, upstream: wish.upstream };
      if (!wish.enabled) {
        const closed = reserve(made, text);
        await letGo(before);
        return keep(closed);
      }
      if (!before.opened) {
        const opened = await open(made, text);
        before.release?.();
        return keep(opened);
      }
      if (await same(before, wish)) return shown(before);
      return keep(await move(before, text));
    },
    async remove(name) {
      const before = find(name);
      own.delete(name);
      if (before) await letGo(before);
    },
  };

  function held(): Held[] {
    const unscoped = proxy.upstreams.filter(({ run }) => run === undefined);
    for (const [name, { opened }] of own) {
      // Whoever has opened an upstream may have closed it.
      if (opened && !unscoped.includes(opened)) own.delete(name);
    }
    const found = new Map(own);
    for (const opened of unscoped) {
      const { name, address } = opened;
      if (found.has(name)) continue;
      const made = withoutPlace(opened.made);
      const upstream = upstreamText(made.target);
      found.set(name, { name, listen: address, upstream, enabled: true, made, opened });
    }
    return [...found.values()];
  }

  function find(name: string): Held | undefined {
    return held().find((one) => one.name === name);
  }

  function known(name: string): Held {
    const found = find(name);
    if (!found) throw new Error(`there is no proxy "${name}"`);
    return found;
  }

  function keep(one: Held): Standing {
    own.set(one.name, one);
    return shown(one);
  }

  function reserve(made: ProxyUpstream, text: Text): Held {
    const release = taken(() => proxy.reserve(made));
    return { ...text, enabled: false, made, release };
  }

  async function letGo({ opened, release }: Held): Promise<void> {
    await opened?.[Symbol.asyncDispose]();
    release?.();
  }

  /** Opens it elsewhere, or for another upstream: what is open ends. Where that fails, all is as it was. */
  async function move(before: Held, text: Text): Promise<Held> {
    const from = await resolveListen(readListen(before.listen));
    const to = await resolveListen(readListen(text.listen));
    readUpstream(text.upstream);
    if (to.port === 0 || to.port !== from.port) {
      const opened = await open(before.made, text);
      await letGo(before);
      return opened;
    }
    // One port cannot be had twice: its name is kept meanwhile.
    const release = proxy.reserve(before.made);
    try {
      await letGo(before);
      return await open(before.made, text);
    } catch (error) {
      keep(await open(before.made, before).catch(() => reserve(before.made, before)));
      throw error;
    } finally {
      release();
    }
  }

  async function open(made: ProxyUpstream, { name, listen, upstream }: Text): Promise<Held> {
    const target = targetOf(made.target, upstream);
    const where = await resolveListen(readListen(listen));
    const opened = await bound(where, ({ host, port }) =>
      proxy.open({ ...made, target, host, ...(port === 0 ? {} : { port }) }),
    );
    return { name, listen: opened.address, upstream, enabled: true, made, opened };
  }

  /** A rule on this name would otherwise mean something else than before. */
  function checkCalls(name: string): void {
    for (const { name: upstream, calls } of proxy.upstreams) {
      if (!Object.keys(calls).some((call) => call === name || `${upstream}.${call}` === name))
        continue;
      const message = `"${name}" is a call of the upstream "${upstream}": choose another name`;
      throw new ToxiproxyError(409, message);
    }
  }
}

/** A random port is never the same. */
async function same(
  before: Standing,
  { listen, upstream }: Pick<Wish, 'listen' | 'upstream'>,
): Promise<boolean> {
  if (upstream !== before.upstream) return false;
  if (listen === before.listen && !/(^|:0)$/.test(listen)) return true;
  try {
    const [was, wished] = [readListen(before.listen), readListen(listen)];
    if (wished.port === 0 || was.port !== wished.port) return false;
    return (await resolveListen(was)).host === (await resolveListen(wished)).host;
  } catch {
    // Who listens there will say what is wrong with it.
    return false;
  }
}

type Text = Pick<Standing, 'name' | 'listen' | 'upstream'>;

function shown({ name, listen, upstream, enabled }: Held): Standing {
  return { name, listen, upstream, enabled };
}

function withoutPlace(made: ProxyUpstream): ProxyUpstream {
  const others = Object.entries(made).filter(([key]) => key !== 'host' && key !== 'port');
  return Object.fromEntries(others) as unknown as ProxyUpstream;
}

/** Where it is, in the scheme that it was first opened with. */
function targetOf(made: string, upstream: string): string {
  const scheme = /^\w+:\/\//.exec(made)?.[0] ?? '';
  return scheme + readUpstream(upstream);
}

/** Says in Toxiproxy's words why a port cannot be had. */
async function bound(
  where: ListenAddress,
  open: (where: ListenAddress) => Promise<OpenUpstream>,
): Promise<OpenUpstream> {
  try {
    return await open(where);
  } catch (error) {
    const code = codeOf(error);
    const noSuchFamily = code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
    if (noSuchFamily && where.host === '::') return bound({ ...where, host: '0.0.0.0' }, open);
    if (code === 'two_upstreams') throw taken409(error);
    throw cannotListen(` ${hostAndPort(where)}: ${REASONS[code] ?? messageOf(error)}`, error);
  }
}

function taken<T>(take: () => T): T {
  try {
    return take();
  } catch (error) {
    throw codeOf(error) === 'two_upstreams' ? taken409(error) : error;
  }
}

function taken409(error: unknown): ToxiproxyError {
  return new ToxiproxyError(409, messageOf(error), { cause: error });
}

function codeOf(error: unknown): string {
  if (error instanceof BrownoutError) return error.code;
  return (error as NodeJS.ErrnoException).code ?? '';
}

const REASONS: Readonly<Record<string, string>> = {
  port_taken: 'bind: address already in use',
  EACCES: 'bind: permission denied',
  EADDRNOTAVAIL: 'bind: cannot assign requested address',
};
