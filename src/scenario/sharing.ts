import { createHash } from 'node:crypto';
import type { SystemSpec } from '../system/spec.ts';
import type { Instance } from '../system/system.ts';
import { EXPECTATIONS, type Expect } from './format/expect.ts';
import { namesIn } from './interpolate.ts';
import { now } from './judge.ts';
import { placeOfItsOwn, type Place } from './place.ts';
import { send, sentFor, type RequestSpec } from './request.ts';
import { contractRequest, deadlineOf, ownRequest } from './contract-request.ts';
import { type Session } from './session.ts';
import type { SuiteCell } from './suite.ts';
import { watchUnmarked } from './unmarked.ts';

/** Decides how each cell is kept apart from the others. */
export interface Sharing extends AsyncDisposable {
  /** Where a cell may run; or why it cannot be run as the system file asks. */
  placeFor(cell: SuiteCell): { take(): Promise<Place> } | { readonly refused: string };
  /** Where it may run whatever came of that. */
  alone(cell: SuiteCell): Promise<Place>;
  /** Why cells did not share an instance that were to. */
  readonly warnings: readonly string[];
}

/**
 * Lets cells share one instance where the system file says that the service keeps nothing from one request to the next,
 * and where it is seen to pass on whose request it works for. All others get an instance each.
 */
export async function openSharing(
  cells: readonly SuiteCell[],
  { system: name, isolation = 'auto' }: SystemSpec,
  session: Session,
  signal: AbortSignal,
): Promise<Sharing> {
  const { system } = session;
  const alone = (cell: SuiteCell) => placeOfItsOwn(cell, system, signal);
  const candidates = cells.filter(mayShare);
  const warnings: string[] = [];
  if (candidates.length === 0) {
    return {
      placeFor: (cell) => ({ take: () => alone(cell) }),
      alone,
      warnings,
      async [Symbol.asyncDispose]() {},
    };
  }
  const shared = await system.start(undefined, signal);
  const unmarked = watchUnmarked(system.control);
  /** How often each cell came here: what its last time left under way is not its own any more. */
  const visits = new Map<SuiteCell, number>();
  /** Why a request proves nothing of whose calls are made for it; by the request. */
  const problems = new Map<string, string>();
  /** Requests whose calls were seen to say whose they are. */
  const proven = new Set<string>();
  try {
    for (const request of requestsOf(candidates, session)) await prove(request);
    await system.control.forget(PROOF_RUN);
  } catch (error) {
    await shared[Symbol.asyncDispose]();
    throw error;
  }
  for (const problem of new Set(problems.values()))
    if (isolation === 'auto')
      warnings.push(`cells did not share an instance of ${name}: ${problem}`);

  return {
    placeFor(cell) {
      const problem = candidates.includes(cell) ? problemOf(cell) : APART;
      if (problem === undefined) return { take: () => placeAmongOthers(cell, shared) };
      if (isolation === 'baggage' && problem !== APART) return { refused: problem };
      return { take: () => alone(cell) };
    },
    alone,
    warnings,
    [Symbol.asyncDispose]: () => shared[Symbol.asyncDispose](),
  };

  /** Sends one request as if it were a cell's, and looks whether its calls say so. */
  async function prove({ key, request, deadline, calls }: Proof): Promise<void> {
    const from = now();
    const { next: since } = await system.control.journal({ run: PROOF_RUN });
    await send(shared.url, sentFor(PROOF_RUN, request), deadline, signal);
    const lost = await unmarked.since(from);
    const { entries } = await system.control.journal({ run: PROOF_RUN, since });
    if (lost !== undefined) problems.set(key, notPassedOn(lost));
    else if (entries.length > 0) proven.add(key);
    else if (calls)
      problems.set(key, `${request.method} ${request.path} made no call that would prove that`);
  }

  function problemOf(cell: SuiteCell): string | undefined {
    if (shared.died !== undefined) return APART;
    const keys = requestsOf([cell], session).map(({ key }) => key);
    const problem = keys.map((key) => problems.get(key)).find((one) => one !== undefined);
    return problem ?? (keys.some((key) => proven.has(key)) ? undefined : APART);
  }

  async function placeAmongOthers(cell: SuiteCell, instance: Instance): Promise<Place> {
    const from = now();
    const visit = (visits.get(cell) ?? 0) + 1;
    visits.set(cell, visit);
    return {
      instance,
      run: runOf(visit === 1 ? cell.id : `${cell.id} (${visit})`),
      isolation: 'baggage',
      async doubt() {
        if (instance.died !== undefined) return { why: `it died: ${instance.died}`, again: true };
        const lost = await unmarked.since(from);
        return lost === undefined
          ? undefined
          : { why: notPassedOn(lost), again: isolation === 'auto' };
      },
      async [Symbol.asyncDispose]() {},
    };
  }
}

/** Whether it may run among others, if the service passes on whose request it works for. */
export function mayShare(cell: SuiteCell): boolean {
  const { isolation = 'auto', service } = cell.system;
  return service.stateless && isolation !== 'instance' && actsOnRequests(cell);
}

/** Nothing of it acts on connections, which are no one's. */
function actsOnRequests({ faults, steps }: SuiteCell): boolean {
  return (
    !steps.some(({ injects, sends }) => injects || (sends && needsOwn(sends.expect))) &&
    faults.every(({ planned }) => planned.faults.every(({ level }) => level === 'request'))
  );
}

/** What the service logs tells nothing of whose request it worked for. */
function needsOwn(expect: Expect): boolean {
  return Object.keys(expect).some((name) => EXPECTATIONS.get(name)?.ownInstance);
}

interface Proof {
  readonly key: string;
  readonly request: RequestSpec;
  readonly deadline: number;
  /** It is known to call something. */
  readonly calls: boolean;
}

/** What the cells ask that may be asked once more: by their contract, and by GET. */
function requestsOf(cells: readonly SuiteCell[], session: Session): Proof[] {
  const all = cells.flatMap(({ contract, steps }) => {
    const own = steps.flatMap(({ sends }) => {
      if (!sends || sends.request === 'of the contract' || sends.request.method !== 'GET')
        return [];
      // What an earlier step captures is not known in advance.
      if (namesIn(sends.request).size > 0) return [];
      const request = ownRequest({ ...sends.request, json: undefined }, session);
      return [{ request, deadline: DEADLINE_MS, calls: false }];
    });
    if (!contract) return own;
    const request = contractRequest(contract, session);
    return [{ request, deadline: deadlineOf(contract), calls: true }, ...own];
  });
  const keyed = all.map((one) => ({ ...one, key: JSON.stringify(one.request) }));
  return [...new Map(keyed.map((one) => [one.key, one])).values()];
}

function notPassedOn(call: string): string {
  return `the service called ${call} without the baggage of the request that it was for (pass the header baggage on, or say isolation: instance)`;
}

/** What a baggage can say: an id is longer, or holds what cannot be read, seldom. */
function runOf(id: string): string {
  if (/^[\x20-\x7e]{1,128}$/.test(id)) return id;
  return createHash('sha256').update(id).digest('hex');
}

/** It needs an instance of its own, whatever the service passes on. */
const APART = 'apart';
/** No cell's id has a space in it. */
const PROOF_RUN = 'the proof';
const DEADLINE_MS = 10_000;
