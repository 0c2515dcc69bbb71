import type { JournalEntry } from '../proxy/journal.ts';
import type { CellContext } from './cell.ts';
import { readJournal } from './cell-journal.ts';
import type { Evidence, Finding } from './expectation.ts';
import { EXPECTATIONS, type Expect } from './format/expect.ts';
import type { RequestStep, SendStep, Step } from './format/step.ts';
import { firedWithin, now, plannedOnCalls, unfiredOf, type Span } from './judge.ts';
import { curlOf, send, sentFor, type Answer, type RequestSpec } from './request.ts';
import { contractRequest, deadlineOf, jsonRequest, neverOf } from './session.ts';
import { createStanding } from './standing.ts';
import type { Place } from './place.ts';
import type { SuiteCell } from './suite.ts';
import { pause } from './pause.ts';

/** Does the steps of a cell, keeps count of what was planned, and judges each answer. */
export interface Driver {
  /** Arms the cell's faults. What the baseline of the cell called, sent at `since`, is where its request is known to go. */
  begin(since: number): Promise<void>;
  /** Does one step; gives what did not hold, by expectation. */
  run(step: Step): Promise<readonly Judged[]>;
  /** What the journal tells of all since `begin`. */
  report(): Promise<Told>;
  /** Faults stood, so there is something to recover from. */
  readonly broke: boolean;
  /** The cell's request as a command; null when it sent none. */
  readonly curl: string | null;
}

export interface Judged {
  readonly name: string;
  readonly findings: readonly Finding[];
}

export interface Told {
  readonly exchanges: readonly JournalEntry[];
  /** `status on stats.leaderboard`, for each planned fault that never did anything. */
  readonly unfired: readonly string[];
  readonly overflowed: boolean;
}

export function createDriver(
  cell: SuiteCell,
  { instance, run: runId }: Place,
  baseline: Answer | undefined,
  { session, slot, signal }: CellContext,
): Driver {
  const { contract, system } = cell;
  const { control } = session.system;
  const fired = new Set<string>();
  /** The upstreams that each request is known to come to. */
  const reached = new Map<string, Set<string>>();
  const journal = readJournal(control, runId);
  const standing = createStanding(system, runId, control, journal, signal);
  let start = 0;
  let curl: string | null = null;

  return {
    get broke() {
      return standing.ever.length > 0;
    },
    get curl() {
      return curl;
    },
    async begin(since) {
      const entries = await journal.read();
      start = entries.at(-1)?.id ?? 0;
      if (contract) note(contractRequest(contract, session), entries, { from: since, to: now() });
      await standing.arm(cell.faults);
    },
    run,
    async report() {
      const entries = await journal.read();
      return {
        exchanges: entries.filter(({ id }) => id > start),
        unfired: unfiredOf(standing.ever, fired),
        overflowed: journal.overflowed,
      };
    },
  };

  async function run(step: Step): Promise<readonly Judged[]> {
    switch (step.kind) {
      case 'wait':
        await slot.rest(() => pause(step.ms, signal));
        return [];
      case 'clear':
        await standing.clear();
        return [];
      case 'stop':
      case 'pause':
        await standing.hold(step.upstream, HOLDS[step.kind]);
        return [];
      case 'start':
      case 'resume':
        await standing.release(step.upstream, HOLDS[step.kind]);
        return [];
      case 'send':
      case 'request':
        return request(step);
    }
  }

  async function request(step: SendStep | RequestStep): Promise<readonly Judged[]> {
    const spec = requestOf(step);
    curl ??= curlOf(spec);
    for (let i = 0; i < step.repeat; i++) {
      const judged = await sendAndJudge(step, spec);
      if (judged.length > 0) return judged;
    }
    return [];
  }

  async function sendAndJudge(step: SendStep | RequestStep, spec: RequestSpec): Promise<Judged[]> {
    const { answer, span } = await sendOne(step, spec);
    const entries = await journal.read();
    const to = reached.get(keyOf(spec)) ?? new Set();
    for (const key of firedWithin(standing.now, entries, span, (name) => to.has(name)))
      fired.add(key);
    const exchanges = note(spec, entries, span);
    const expect = expectOf(step);
    const ofContract = step.kind === 'send' ? contract : undefined;
    const evidence: Evidence = {
      answer,
      exchanges,
      planned: plannedOnCalls(standing.now, contract, callsOf, entries, fired),
      baseline: ofContract && baseline,
      contract: ofContract,
      never: ofContract ? neverOf(ofContract, instance) : [],
      judgedByBody: Object.keys((expect['body'] as object | undefined) ?? {}),
    };
    if (answer.status === null) {
      // Much holds of no answer at all (it came in time, every header is absent): that none came is what is told.
      const expected = expect['status'] ?? (expect['degraded'] === undefined ? 'an answer' : 200);
      return [{ name: 'status', findings: [{ pointer: 'status', expected, got: answer.problem }] }];
    }
    // A wrong status explains what else is wrong: it is told first.
    return Object.entries(expect)
      .sort(([a], [b]) => Number(b === 'status') - Number(a === 'status'))
      .map(([name, wanted]) => ({
        name,
        findings: EXPECTATIONS.get(name)?.check(wanted, evidence) ?? [],
      }))
      .filter(({ findings }) => findings.length > 0);
  }

  /** A request under a fault that waits leaves its slot to cells that have something to do. */
  function sendOne(
    step: SendStep | RequestStep,
    spec: RequestSpec,
  ): Promise<{ answer: Answer; span: Span }> {
    const work = async () => {
      const from = now();
      const sent = sentFor(runId, spec);
      const answer = await send(instance.url, sent, deadlineFor(step), signal);
      return { answer, span: { from, to: now() } };
    };
    const waits = standing.now.some(({ rule }) =>
      rule.planned.faults.some(({ fault }) => fault.waits),
    );
    return waits ? slot.rest(work) : work();
  }

  /** A request is given up at twice the time that it may take. */
  function deadlineFor({ kind, expect: { within } }: SendStep | RequestStep): number {
    const budget = kind === 'send' && contract ? deadlineOf(contract) : undefined;
    const own = typeof within === 'number' ? Math.max(1000, 2 * within) : undefined;
    return Math.max(budget ?? 0, own ?? 0) || DEADLINE_MS;
  }

  /** What the service asked of its upstreams for one request; where it came to is remembered. */
  function note(spec: RequestSpec, entries: readonly JournalEntry[], { from, to }: Span) {
    const meanwhile = entries.filter(({ at }) => at >= from && at <= to);
    const known = reached.get(keyOf(spec)) ?? new Set();
    reached.set(keyOf(spec), known);
    for (const entry of meanwhile) if (cameTo(entry)) known.add(entry.upstream);
    return meanwhile.filter(({ method }) => method !== null);
  }

  /** Of tcp nothing is known but that a connection was made; one that a fault acted on may be the proxy's own. */
  function cameTo({ method, upstream, injected }: JournalEntry): boolean {
    if (method !== null) return true;
    return system.upstreams[upstream]?.protocol === 'tcp' && injected.length === 0;
  }

  function requestOf(step: SendStep | RequestStep): RequestSpec {
    if (step.kind === 'request') {
      const headers = { ...step.headers, ...session.headersFor(step.as) };
      return jsonRequest(step.method, step.path, headers, step.json);
    }
    if (!contract) throw new Error('a send step without a contract passed the check');
    return contractRequest(contract, session);
  }

  function callsOf(upstream: string): readonly string[] {
    return Object.keys(system.upstreams[upstream]?.calls ?? {});
  }
}

/** A request without an expectation of its own must keep the contract. */
function expectOf({ kind, expect }: SendStep | RequestStep): Expect {
  return kind === 'send' ? { degraded: 'exact', ...expect } : expect;
}

/** Tells requests apart that may call other upstreams. */
function keyOf(spec: RequestSpec): string {
  return JSON.stringify(spec);
}

/** What stopping and pausing an upstream mean at the proxy. */
const HOLDS = { stop: 'refuse', start: 'refuse', pause: 'hang', resume: 'hang' } as const;
const DEADLINE_MS = 10_000;
