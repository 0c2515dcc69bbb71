import { InvalidError } from '../../common/errors.ts';
import { createInTurn } from '../in-turn.ts';
import type { Proxy } from '../proxy.ts';
import { checkName, fieldsOf } from './fields.ts';
import { readAll, settleAll } from './populate.ts';
import { missing, missingIn, readProxy } from './proxy-spec.ts';
import { createStandingProxies, type Standing } from './standing.ts';
import { changeToxic, readToxic, type ToxicSpec } from './toxic-spec.ts';
import { createStandingToxics } from './toxics-of.ts';
import { badBodyOf, ToxiproxyError } from './toxiproxy-error.ts';

/** A proxy as Toxiproxy's clients are told of it. */
export interface ProxyView extends Standing {
  readonly toxics: readonly ToxicSpec[];
}

/**
 * What Toxiproxy's clients may do to a proxy: its upstreams are their proxies, rules of a kind of their own are their toxics.
 * Values are as they were sent, and are checked here. Changes are made one after another, each whole or not at all.
 * @throws {ToxiproxyError} from its methods, with the status and the words of Toxiproxy
 */
export interface Toxiproxy {
  /** By name. */
  list(): Promise<readonly ProxyView[]>;
  get(name: string): Promise<ProxyView>;
  /** With its toxics, where these are given. */
  create(proxy: unknown): Promise<ProxyView>;
  /** `listen`, `upstream` and `enabled`, as far as they are given. */
  update(name: string, change: unknown): Promise<ProxyView>;
  /** Closes its port, and lifts every rule that stands on it. */
  remove(name: string): Promise<void>;
  toxics(name: string): Promise<readonly ToxicSpec[]>;
  toxic(name: string, toxic: string): Promise<ToxicSpec>;
  addToxic(name: string, toxic: unknown): Promise<ToxicSpec>;
  /** `attributes`, key by key, and `toxicity`. */
  updateToxic(name: string, toxic: string, change: unknown): Promise<ToxicSpec>;
  removeToxic(name: string, toxic: string): Promise<void>;
  /**
   * Makes these proxies stand. One that is there with the same addresses is left as it is, unless `enabled` or `toxics` are
   * given; one with others is moved there, and has no toxics but those that are given.
   */
  populate(proxies: unknown): Promise<readonly ProxyView[]>;
  /** Enables every proxy and removes all toxics; those that can be are reset even where one cannot be enabled. */
  reset(): Promise<void>;
}

/** The one of a proxy: whoever asks gets the same. */
export function createToxiproxy(proxy: Proxy): Toxiproxy {
  const made = MADE.get(proxy) ?? make(proxy);
  MADE.set(proxy, made);
  return made;
}

function make(proxy: Proxy): Toxiproxy {
  const proxies = createStandingProxies(proxy);
  const toxics = createStandingToxics(proxy.control);
  const oneByOne = createInTurn();

  return {
    list: () =>
      inTurn(async () => {
        const all = await Promise.all(proxies.all().map(view));
        return all.sort((a, b) => (a.name < b.name ? -1 : 1));
      }),
    get: (name) => inTurn(() => view(known(name))),
    create: (value) =>
      inTurn(async () => {
        const spec = readProxy(value);
        const lacks = missingIn(spec);
        if (lacks) throw new ToxiproxyError(400, missing(lacks));
        checkName(spec.name, 'name');
        if (proxies.find(spec.name)) throw new ToxiproxyError(409, 'proxy already exists');
        await settleAll([spec], { proxies, toxics });
        return view(known(spec.name));
      }),
    update: (name, value) =>
      inTurn(async () => {
        const before = known(name);
        const fields = fieldsOf(value);
        const wish = {
          listen: fields.text('listen') ?? before.listen,
          upstream: fields.text('upstream') ?? before.upstream,
          enabled: fields.flag('enabled') ?? before.enabled,
        };
        if (wish.upstream === '') throw new ToxiproxyError(400, missing('upstream'));
        return view(await proxies.change(name, wish));
      }),
    remove: (name) =>
      inTurn(async () => {
        known(name);
        const calls = proxies.calls(name);
        await proxies.remove(name);
        await liftAll(name, calls);
      }),
    toxics: (name) => inTurn(() => toxics.of(known(name).name)),
    toxic: (name, toxic) => inTurn(() => knownToxic(name, toxic)),
    addToxic: (name, value) =>
      inTurn(async () => {
        known(name);
        const head = readToxic(value);
        const there = await toxics.of(name);
        if (there.some((toxic) => toxic.name === head.name))
          throw new ToxiproxyError(409, 'toxic already exists');
        const toxic = head.finish();
        await toxics.put(name, toxic);
        return toxic;
      }),
    updateToxic: (name, toxic, value) =>
      inTurn(async () => {
        const changed = changeToxic(await knownToxic(name, toxic), value);
        await toxics.put(name, changed);
        return changed;
      }),
    removeToxic: (name, toxic) =>
      inTurn(async () => {
        await knownToxic(name, toxic);
        await toxics.remove(name, toxic);
      }),
    populate: (value) =>
      inTurn(async () => {
        const specs = readAll(value);
        await settleAll(specs, { proxies, toxics });
        return Promise.all(specs.map(({ name }) => view(known(name))));
      }),
    reset: () =>
      inTurn(async () => {
        const failed: string[] = [];
        for (const { name, listen, upstream, enabled } of proxies.all()) {
          await toxics.set(name, []);
          if (enabled) continue;
          await proxies.change(name, { listen, upstream, enabled: true }).catch((error: Error) => {
            failed.push(`${name}: ${error.message}`);
          });
        }
        if (failed.length > 0) throw new ToxiproxyError(500, failed.join('; '));
      }),
  };

  /** What is wrong with a value is said in Toxiproxy's way. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    return oneByOne(work).catch((error: unknown) => {
      throw error instanceof InvalidError ? badBodyOf(error.problems) : error;
    });
  }

  function known(name: string): Standing {
    const found = proxies.find(name);
    if (!found) throw new ToxiproxyError(404, 'proxy not found');
    return found;
  }

  async function knownToxic(name: string, toxic: string): Promise<ToxicSpec> {
    const all = await toxics.of(known(name).name);
    const found = all.find((one) => one.name === toxic);
    if (!found) throw new ToxiproxyError(404, 'toxic not found');
    return found;
  }

  async function view(standing: Standing): Promise<ProxyView> {
    return { ...standing, toxics: await toxics.of(standing.name) };
  }

  async function liftAll(name: string, calls: readonly string[]): Promise<void> {
    const on = new Set([name, ...calls, ...calls.map((call) => `${name}.${call}`)]);
    for (const rule of await proxy.control.rules()) {
      if (rule.run === undefined && on.has(rule.on)) await proxy.control.remove(rule.id);
    }
  }
}

const MADE = new WeakMap<Proxy, Toxiproxy>();
