import { BrownoutError, InvalidError } from '../../common/errors.ts';
import type { ArmedRule, ControlEvent, FaultControl } from '../fault-control.ts';
import type { JournalEntry, JournalPage, JournalQuery } from '../journal.ts';
import type { OpenUpstream, ProxyUpstream } from '../proxy.ts';
import type { RuleView } from '../rules.ts';
import type { ErrorBody } from './control-error.ts';
import { readEvents } from './event-source.ts';
import type { About as Told } from './routes.ts';

/** What runs at a control API. */
export interface About extends Told {
  /** Requests may bring their own faults along. */
  readonly plans: boolean;
  readonly upstreams: readonly AboutUpstream[];
}

/** One that is open has a `url`; one that is closed, to be opened again, says what it speaks. */
export type AboutUpstream = Pick<OpenUpstream, 'name' | 'run' | 'calls'> &
  Partial<Pick<OpenUpstream, 'address' | 'url'>> &
  Pick<ProxyUpstream, 'protocol' | 'tls'>;

export interface ControlClient extends FaultControl {
  about(): Promise<About>;
}

/**
 * The control of a proxy in another process, over its control API at `url`.
 * @throws {InvalidError} from its methods, as the control of this process would
 * @throws {BrownoutError} `control_unreachable`, `control_refused` or `token_needed` from its methods
 */
export function createControlClient(url: string, token?: string): ControlClient {
  const subscribing = new Set<Promise<unknown>>();

  return {
    about: () => call<About>('GET', '/v1'),
    async add(rules, run) {
      const added = await call<Rules>('POST', '/v1/rules', { rules, run }).catch(atRoot('rules'));
      return added.rules;
    },
    replace: (id, rule) =>
      orMissing(undefined, () =>
        call<RuleView>('PUT', `/v1/rules/${encodeURIComponent(id)}`, rule),
      ),
    arm: (rule, { run, ttlMs } = {}) =>
      call<ArmedRule>('POST', '/v1/arm', {
        rule,
        run,
        ...(ttlMs === undefined ? {} : { ttl: `${ttlMs}ms` }),
      }).catch(atRoot('rule')),
    remove: (id) =>
      orMissing(false, async () => {
        await call('DELETE', `/v1/rules/${encodeURIComponent(id)}`);
        return true;
      }),
    async clear(run) {
      const cleared = await call<{ removed: number }>('DELETE', withQuery('/v1/rules', { run }));
      return cleared.removed;
    },
    async rules(run) {
      const page = await call<Rules>('GET', withQuery('/v1/rules', { run }));
      return page.rules;
    },
    journal: (query = {}) => (query.limit === undefined ? wholeJournal(query) : page(query)),
    events(signal, query = {}) {
      const opened = send('GET', withQuery('/v1/events', { ...query }), undefined, signal);
      const settled = opened.catch(() => {}).finally(() => subscribing.delete(settled));
      subscribing.add(settled);
      return eventsOf(opened, signal);
    },
    async forget(run) {
      await call('DELETE', withQuery('/v1/journal', { run }));
    },
  };

  function page(query: JournalQuery): Promise<JournalPage> {
    return call('GET', withQuery('/v1/journal', { ...query }));
  }

  /** All that there is, page by page. */
  async function wholeJournal(query: JournalQuery): Promise<JournalPage> {
    const entries = new Map<number, JournalEntry>();
    let { since } = query;
    for (let overflowed = false; ;) {
      const given = await page({ ...query, since, limit: PAGE });
      for (const entry of given.entries) entries.set(entry.id, entry);
      overflowed ||= given.overflowed;
      since = given.next;
      if (given.entries.length === PAGE) continue;
      const all = [...entries.values()].sort((a, b) => a.id - b.id);
      return { entries: all, next: since, overflowed };
    }
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    // What happens after `events` was called is told there: nothing may overtake its request.
    await Promise.all(subscribing);
    const response = await send(method, path, body);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async function send(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      throw unreachable(error);
    });
    if (!response.ok) throw errorOf(response.status, await response.text(), path);
    return response;
  }

  async function* eventsOf(
    opened: Promise<Response>,
    signal: AbortSignal,
  ): AsyncGenerator<ControlEvent> {
    try {
      const { body } = await opened;
      if (body) yield* readEvents(body);
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof BrownoutError ? error : unreachable(error);
    }
  }

  function unreachable(cause: unknown): BrownoutError {
    const message = `no control API of brownout answers at ${url}`;
    return new BrownoutError('control_unreachable', message, { cause });
  }
}

interface Rules {
  readonly rules: readonly RuleView[];
}

/** An answer that says the thing asked for is not there. */
class MissingError extends BrownoutError {}

async function orMissing<T, M>(missing: M, work: () => Promise<T>): Promise<T | M> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MissingError) return missing;
    throw error;
  }
}

function errorOf(status: number, text: string, path: string): BrownoutError {
  const body = parse(text);
  const message = body?.error ?? `the control API answered ${path} with ${status}`;
  if (status === 401) return new BrownoutError('token_needed', message);
  if (status === 404 && body) return new MissingError('control_refused', message);
  if (body?.problems) return new InvalidError(body.problems);
  return new BrownoutError(body?.code ?? 'control_refused', message);
}

/** What is sent below a key is the root to the caller. */
function atRoot(key: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof InvalidError)) throw error;
    throw new InvalidError(
      error.problems.map((p) => (p.path[0] === key ? { ...p, path: p.path.slice(1) } : p)),
    );
  };
}

function parse(text: string): ErrorBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'error' in value
      ? (value as ErrorBody)
      : undefined;
  } catch {
    return undefined;
  }
}

function withQuery(path: string, query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(
    given.map(([name, value]): [string, string] => [name, String(value)]),
  );
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}

/** The most that a page of the journal holds here; what is there comes page by page. */
const PAGE = 1000;
