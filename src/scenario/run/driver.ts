import { InvalidError, type Problem } from '../../common/errors.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import type { CellContext } from './cell.ts';
import { capture } from '../requests/capture.ts';
import { readJournal } from './cell-journal.ts';
import type { Evidence, Finding } from '../expectation.ts';
import { EXPECTATIONS } from '../format/expect.ts';
import { createFiring, type Firing } from './firing.ts';
import { now, plannedOnCalls, type Span } from '../judge/judge.ts';
import { interpolate, namesIn } from '../load/interpolate.ts';
import { curlOf, send, sentFor, type Answer, type RequestSpec } from '../requests/request.ts';
import {
  contractRequest,
  DEADLINE_MS,
  deadlineOf,
  ownRequest,
} from '../requests/contract-request.ts';
import { neverOf } from './healthy.ts';
import { createStanding } from './standing.ts';
import type { Place } from '../isolation/place.ts';
import type { Judged, Sending, Stage, Step } from '../step.ts';
import type { SuiteCell } from '../suite.ts';
import { pause } from './pause.ts';

/** Does the steps of a cell, keeps count of what was planned, and judges each answer. */
export interface Driver {
  /** Arms the cell's faults. What the baseline of the cell called, sent at `since`, is where its request is known to go. */
  begin(since: number): Promise<void>;
  /** Does one step; gives what did not hold, by expectation. */
  run(step: Step): Promise<readonly Judged[]>;
  /** Takes note of what acted on requests that were not sent here. */
  readonly after: Firing['after'];
  /** What the journal tells of all since `begin`. */
  report(): Promise<Told>;
  /** Faults stood, so there is something to recover from. */
  readonly broke: boolean;
  /** The cell's request as a command; null when it sent none. */
  readonly curl: string | null;
}

/** What the steps of a cell have captured so far, by name. */
export type Captured = Map<string, unknown>;

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
  captured: Captured,
  { session, slot, signal }: CellContext,
): Driver {
  const { contract, system } = cell;
  const { control } = session.system;
  const journal = readJournal(control, runId);
  const standing = createStanding(system, runId, control, journal, signal);
  const firing = createFiring(system, standing, journal);
  const stage: Stage = {
    send: sendAll,
    wait: (ms) => slot.rest(() => pause(ms, signal)),
    hold: (upstream, fault) => standing.hold(upstream, fault),
    release: (upstream, fault) => standing.release(upstream, fault),
    clear: () => standing.clear(),
  };
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
      start = (await journal.read()).at(-1)?.id ?? 0;
      if (contract)
        await firing.well(contractRequest(contract, session), { from: since, to: now() });
      await standing.arm(cell.faults);
    },
    run: (step) => step.run(stage),
    after: (spec, span) => firing.after(spec, span),
    async report() {
      const entries = await journal.read();
      const exchanges = entries.filter(({ id }) => id > start);
      return {
        exchanges: cell.load ? exchanges.slice(0, MOST_OF_LOAD) : exchanges,
        unfired: firing.unfired(),
        // Of a load not every request need be known.
        overflowed: journal.overflowed && !cell.load,
      };
    },
  };

  async function sendAll(written: Sending): Promise<readonly Judged[]> {
    const missing = [...namesIn(written)].filter((name) => captured.get(name) === undefined);
    if (missing.length > 0) return [{ name: 'capture', findings: missing.map(notCaptured) }];
    let sending: Sending;
    try {
      sending = interpolate(written, Object.fromEntries(captured)) as Sending;
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      return [{ name: 'capture', findings: error.problems.map(notPutIn) }];
    }
    const { request } = sending;
    if (request !== 'of the contract' && !request.path.startsWith('/'))
      return [{ name: 'capture', findings: [notAPath(request.path)] }];
    const spec = requestOf(sending);
    curl ??= curlOf(spec);
    for (let i = 0; i < sending.repeat; i++) {
      const judged = await sendAndJudge(sending, spec);
      if (judged.length > 0) return judged;
    }
    return [];
  }

  async function sendAndJudge(sending: Sending, spec: RequestSpec): Promise<Judged[]> {
    const logged = instance.log.count;
    const { answer, span } = await sendOne(sending, spec);
    const { entries, exchanges } = await firing.after(spec, span);
    const { expect } = sending;
    const ofContract = isContracts(sending) ? contract : undefined;
    const evidence: Evidence = {
      answer,
      exchanges,
      planned: plannedOnCalls(standing.now, contract, callsOf, entries, firing.fired),
      baseline: ofContract && baseline,
      contract: ofContract,
      never: ofContract ? neverOf(ofContract, instance) : [],
      get log() {
        return instance.log.since(logged);
      },
      amongOthers: cell.load !== undefined,
      // Of the whole answer a matcher says little: nothing else would be judged.
      judgedByBody: Object.keys((expect['body'] as object | undefined) ?? {}).filter(Boolean),
    };
    if (answer.status === null) {
      // Much holds of no answer at all (it came in time, every header is absent): that none came is what is told.
      const expected = expect['status'] ?? (expect['degraded'] === undefined ? 'an answer' : 200);
      return [{ name: 'status', findings: [{ pointer: 'status', expected, got: answer.problem }] }];
    }
    const judged: Judged[] = [];
    for (const [name, wanted] of Object.entries(expect).sort(statusFirst)) {
      const findings = await judge(name, wanted, evidence);
      if (findings.length > 0) judged.push({ name, findings });
    }
    return judged.length > 0 ? judged : keep(sending.capture, answer);
  }

  async function judge(name: string, wanted: unknown, evidence: Evidence) {
    const expectation = EXPECTATIONS.get(name);
    if (!expectation) return [];
    const latest = now() + (expectation.comesLate ? LATE_MS : 0);
    const least = expectation.mayBreakLate?.(wanted) ? QUIET_MS : 0;
    let heldFrom: number | undefined;
    for (;;) {
      const findings = await expectation.check(wanted, evidence, signal);
      heldFrom = findings.length > 0 ? undefined : (heldFrom ?? now());
      const isOver = heldFrom === undefined ? now() >= latest : now() >= heldFrom + least;
      if (isOver) return findings;
      await slot.rest(() => pause(POLL_MS, signal));
    }
  }

  /** Keeps what later steps say by name. */
  function keep(wanted: Sending['capture'], answer: Answer): Judged[] {
    const { values, findings } = capture(wanted, answer);
    for (const [name, value] of Object.entries(values)) captured.set(name, value);
    return findings.length > 0 ? [{ name: 'capture', findings }] : [];
  }

  /** A request under a fault that waits leaves its slot to cells that have something to do. */
  function sendOne(sending: Sending, spec: RequestSpec): Promise<{ answer: Answer; span: Span }> {
    const work = async () => {
      const from = now();
      const sent = sentFor(runId, spec);
      const answer = await send(instance.url, sent, deadlineFor(sending), signal);
      return { answer, span: { from, to: now() } };
    };
    const waits = standing.now.some(({ rule }) =>
      rule.planned.faults.some(({ fault }) => fault.waits),
    );
    return waits ? slot.rest(work) : work();
  }

  /** A request is given up at twice the time that it may take. */
  function deadlineFor(sending: Sending): number {
    const { within } = sending.expect;
    const budget = isContracts(sending) && contract ? deadlineOf(contract) : undefined;
    const own = typeof within === 'number' ? Math.max(1000, 2 * within) : undefined;
    return Math.max(budget ?? 0, own ?? 0) || DEADLINE_MS;
  }

  function requestOf({ request }: Sending): RequestSpec {
    if (request !== 'of the contract') return ownRequest(request, session);
    if (!contract) throw new Error('a send step without a contract passed the check');
    return contractRequest(contract, session);
  }

  function callsOf(upstream: string): readonly string[] {
    return Object.keys(system.upstreams[upstream]?.calls ?? {});
  }
}

/** The step that was to capture it has failed, which is told there. */
function notCaptured(name: string): Finding {
  return { pointer: `\${${name}}`, expected: 'what an earlier step captures', got: undefined };
}

/** What was captured is far more than a request can say. */
function notPutIn({ path, message }: Problem): Finding {
  return { pointer: path.join('.'), expected: 'a request of at most 1 MB', got: message };
}

function notAPath(got: string): Finding {
  return { pointer: 'path', expected: 'a path such as /health', got };
}

function isContracts({ request }: Sending): boolean {
  return request === 'of the contract';
}

/** A wrong status explains what else is wrong: it is told first. */
function statusFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Number(b === 'status') - Number(a === 'status');
}

/** What many requests asked, each much like the other, fills no report. */
const MOST_OF_LOAD = 30;
/** A line of the log may be on its way when the answer is there. */
const LATE_MS = 1000;
/** For how long none more may come, where they are counted. */
const QUIET_MS = 250;
const POLL_MS = 10;
