import type { SystemSpec } from '../../system/spec.ts';
import type { Instance, System } from '../../system/system.ts';
import { EXPECTATIONS, type Expect } from '../format/expect.ts';
import { now } from '../judge/judge.ts';
import { placeOfItsOwn, type Offer, type Place } from './place.ts';
import { askedBy, type Asked } from './asked.ts';
import { createExclusive } from './exclusive.ts';
import { send, sentFor } from '../requests/request.ts';
import { createRoom } from './room.ts';
import { createRunNames } from './run-names.ts';
import { type Session } from '../run/session.ts';
import type { SuiteCell } from '../suite.ts';
import { watchUnmarked } from './unmarked.ts';

/** Decides how each cell is kept apart from the others. */
export interface Sharing extends AsyncDisposable {
  /** Where a cell may run; or why it cannot be run as the system file asks. */
  placeFor(cell: SuiteCell): Offer | { readonly refused: string };
  /** Where it may run whatever came of that. */
  alone(cell: SuiteCell): Offer;
  /** The same cells, those that may run at once apart from those that cannot. */
  phasesOf(cells: readonly SuiteCell[]): readonly Phase[];
  /** Why cells did not share an instance that were to. */
  readonly warnings: readonly string[];
}

export interface Phase {
  readonly cells: readonly SuiteCell[];
  readonly atOnce: boolean;
}

/**
 * Lets cells share one instance where the system file says that the service keeps nothing from one request to the next,
 * and where it is seen to pass on whose request it works for. All others get an instance each; where there is but one,
 * they take turns.
 */
export async function openSharing(
  cells: readonly SuiteCell[],
  spec: SystemSpec,
  session: Session,
  signal: AbortSignal,
): Promise<Sharing> {
  const { system } = session;
  const { system: name, isolation = 'auto' } = spec;
  const candidates = new Set(cells.filter(mayShare));
  const warnings: string[] = [];
  const room = createRoom();
  const runOf = createRunNames();
  if (candidates.size === 0 && !system.onlyOne) return eachOnItsOwn(system, signal);
  const shared = await system.start(undefined, signal);
  const exclusive = system.onlyOne
    ? createExclusive({ spec, session, instance: shared, room, runOf, signal })
    : undefined;
  const alone = (cell: SuiteCell) => exclusive?.offer(cell) ?? placeOfItsOwn(cell, system, signal);
  const unmarked = watchUnmarked(system.control);
  /** Why a request proves nothing of whose calls are made for it; by the request. */
  const problems = new Map<string, string>();
  /** Requests whose calls were seen to say whose they are. */
  const proven = new Set<string>();
  try {
    for (const request of requestsOf([...candidates])) await prove(request);
    await system.control.forget(PROOF_RUN);
    await exclusive?.learn(cells.filter((cell) => problemOf(cell) !== undefined));
  } catch (error) {
    await shared[Symbol.asyncDispose]();
    throw error;
  }
  for (const problem of new Set(problems.values()))
    if (isolation === 'auto')
      warnings.push(`${system.onlyOne ? TOOK_TURNS : DID_NOT_SHARE} ${name}: ${problem}`);
  warnings.push(...(exclusive?.warnings ?? []));

  return {
    placeFor(cell) {
      const problem = problemOf(cell);
      if (problem === undefined) return amongOthers(cell, shared);
      if (isolation === 'baggage' && problem !== APART) return { refused: problem };
      return alone(cell);
    },
    alone,
    phasesOf(some) {
      if (!exclusive) return [{ cells: some, atOnce: true }];
      const apart = new Set(some.filter((cell) => problemOf(cell) !== undefined));
      return [
        { cells: some.filter((cell) => !apart.has(cell)), atOnce: true },
        { cells: [...apart], atOnce: false },
      ];
    },
    warnings,
    [Symbol.asyncDispose]: () => shared[Symbol.asyncDispose](),
  };

  /** Sends one request as if it were a cell's, and looks whether its calls say so. */
  async function prove({ key, request, deadline, calls }: Asked): Promise<void> {
    const from = now();
    const { next: since } = await system.control.journal({ run: PROOF_RUN });
    await send(shared.url, sentFor(PROOF_RUN, request), deadline, signal);
    const lost = await unmarked.since(from);
    const { entries } = await system.control.journal({ run: PROOF_RUN, since });
    if (lost !== undefined) problems.set(key, notPassedOn(lost, system.onlyOne));
    else if (entries.length > 0) proven.add(key);
    else if (calls)
      problems.set(key, `${request.method} ${request.path} made no call that would prove that`);
  }

  function problemOf(cell: SuiteCell): string | undefined {
    if (!candidates.has(cell) || shared.died !== undefined) return APART;
    const keys = requestsOf([cell]).map(({ key }) => key);
    const problem = keys.map((key) => problems.get(key)).find((one) => one !== undefined);
    return problem ?? (keys.some((key) => proven.has(key)) ? undefined : APART);
  }

  /** Each request once. */
  function requestsOf(some: readonly SuiteCell[]): Asked[] {
    const all = some.flatMap((cell) => askedBy(cell, session));
    return [...new Map(all.map((one) => [one.key, one])).values()];
  }

  function amongOthers(cell: SuiteCell, instance: Instance): Offer {
    return {
      isolation: 'baggage',
      async take(slot) {
        const leave = exclusive ? await slot.rest(() => room.among()) : () => {};
        return placeAmongOthers(cell, instance, leave);
      },
    };
  }

  function placeAmongOthers(cell: SuiteCell, instance: Instance, leave: () => void): Place {
    const from = now();
    return {
      instance,
      run: runOf(cell),
      async doubt() {
        if (instance.died !== undefined) return { why: `it died: ${instance.died}`, again: true };
        const lost = await unmarked.since(from);
        return lost === undefined
          ? undefined
          : { why: notPassedOn(lost, system.onlyOne), again: isolation === 'auto' };
      },
      async [Symbol.asyncDispose]() {
        leave();
      },
    };
  }
}

/** Whether it may run among others, if the service passes on whose request it works for. */
export function mayShare(cell: SuiteCell): boolean {
  const { isolation = 'auto', service } = cell.system;
  const shares = service.stateless && (isolation === 'auto' || isolation === 'baggage');
  return shares && actsOnRequests(cell);
}

/** Nothing of it acts on connections, which are no one's. */
function actsOnRequests({ faults, setup, steps, teardown, load }: SuiteCell): boolean {
  const all = [...setup, ...steps, ...teardown];
  return (
    !load &&
    !all.some(({ injects, sends }) => injects || (sends && needsOwn(sends.expect))) &&
    faults.every(({ planned }) => planned.faults.every(({ level }) => level === 'request'))
  );
}

/** What the service logs tells nothing of whose request it worked for. */
function needsOwn(expect: Expect): boolean {
  return Object.keys(expect).some((name) => EXPECTATIONS.get(name)?.ownInstance);
}

function eachOnItsOwn(system: System, signal: AbortSignal): Sharing {
  const alone = (cell: SuiteCell) => placeOfItsOwn(cell, system, signal);
  return {
    placeFor: alone,
    alone,
    phasesOf: (cells) => [{ cells, atOnce: true }],
    warnings: [],
    async [Symbol.asyncDispose]() {},
  };
}

function notPassedOn(call: string, onlyOne: boolean): string {
  const other = onlyOne ? 'exclusive' : 'instance';
  return `the service called ${call} without the baggage of the request that it was for (pass the header baggage on, or say isolation: ${other})`;
}

/** It needs an instance of its own, whatever the service passes on. */
const APART = 'apart';
/** No cell's id has a space in it. */
const PROOF_RUN = 'the proof';
const DID_NOT_SHARE = 'cells did not share an instance of';
const TOOK_TURNS = 'cells took turns on';
