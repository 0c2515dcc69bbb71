import { parseRule, type PlannedRule } from '../proxy/catalogue.ts';
import type { JournalEntry } from '../proxy/journal.ts';
import type { Instance } from '../system/system.ts';
import type { CellContext } from './cell.ts';
import { namesOf } from './check.ts';
import type { Evidence, Finding } from './expectation.ts';
import { EXPECTATIONS, type Expect } from './format/expect.ts';
import type { RequestStep, SendStep, Step } from './format/step.ts';
import { firedWithin, plannedOnCalls, type Span, type StandingRule } from './judge.ts';
import { curlOf, send, type Answer, type RequestSpec } from './request.ts';
import { contractRequest, deadlineOf, jsonRequest, neverOf } from './session.ts';
import type { SuiteCell } from './suite.ts';
import { pause } from './pause.ts';

/** Does the steps of a cell, keeps count of what was planned, and judges each answer. */
export interface Driver {
  /** Arms the cell's faults. */
  begin(): Promise<void>;
  /** Does one step; gives what did not hold, by expectation. */
  run(step: Step): Promise<readonly Judged[]>;
  /** What the journal tells of all since `begin`. */
  report(): Promise<Told>;
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
  instance: Instance,
  baseline: Answer | undefined,
  { session, slot, signal }: CellContext,
): Driver {
  const { contract, system } = cell;
  const { control } = session.system;
  /** The rules that stand now, and all that ever stood: each must have fired. */
  let standing: StandingRule[] = [];
  const planned: StandingRule[] = [];
  const fired = new Set<string>();
  let start = 0;
  let curl: string | null = null;

  return {
    get curl() {
      return curl;
    },
    async begin() {
      start = (await control.journal({ run: cell.id })).entries.length;
      await arm(cell.faults);
    },
    run,
    async report() {
      const { entries, overflowed } = await control.journal({ run: cell.id });
      const onCalls = plannedOnCalls(planned, contract, callsOf, entries, fired);
      const unfired = onCalls
        .filter((one) => !one.fired)
        .map(({ fault, on }) => `${fault} on ${on}`);
      return { exchanges: entries.slice(start), unfired: [...new Set(unfired)], overflowed };
    },
  };

  async function run(step: Step): Promise<readonly Judged[]> {
    switch (step.kind) {
      case 'wait':
        await slot.rest(() => pause(step.ms, signal));
        return [];
      case 'clear':
        await control.clear(cell.id);
        standing = [];
        return [];
      case 'stop':
      case 'pause':
        await arm([hold(step.upstream, HOLDS[step.kind])]);
        return [];
      case 'start':
      case 'resume':
        await lift(step.upstream, HOLDS[step.kind]);
        return [];
      case 'send':
      case 'request':
        return request(step);
    }
  }

  async function request(step: SendStep | RequestStep): Promise<readonly Judged[]> {
    const spec = requestOf(step);
    const expect: Expect =
      step.kind === 'send' ? { degraded: 'exact', ...step.expect } : step.expect;
    curl ??= curlOf(spec);
    for (let i = 0; i < step.repeat; i++) {
      const judged = await sendAndJudge(spec, expect);
      if (judged.length > 0) return judged;
    }
    return [];
  }

  async function sendAndJudge(spec: RequestSpec, expect: Expect): Promise<Judged[]> {
    const from = now();
    const answer = await sendOne(spec, expect);
    const span: Span = { from, to: now() };
    const { entries } = await control.journal({ run: cell.id });
    for (const key of firedWithin(entries, span)) fired.add(key);
    if (answer.status === null) {
      const expected = expect['status'] ?? (expect['degraded'] === undefined ? 'an answer' : 200);
      const findings = [{ pointer: 'status', expected, got: answer.problem }];
      return [{ name: 'status', findings }];
    }
    const evidence: Evidence = {
      answer,
      exchanges: entries.filter(
        ({ at, method }) => method !== null && at >= span.from && at <= span.to,
      ),
      planned: plannedOnCalls(standing, contract, callsOf, entries, fired),
      baseline,
      contract,
      never: contract ? neverOf(contract, instance) : [],
      judgedByBody: Object.keys((expect['body'] as object | undefined) ?? {}),
    };
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
  function sendOne(spec: RequestSpec, expect: Expect): Promise<Answer> {
    const work = () => send(instance.url, spec, deadlineFor(expect), signal);
    const waits = standing.some(({ rule }) => rule.planned.faults.some(({ fault }) => fault.waits));
    return waits ? slot.rest(work) : work();
  }

  /** A request is given up at twice the time that it may take. */
  function deadlineFor({ within }: Expect): number {
    if (typeof within === 'number') return Math.max(1000, 2 * within);
    return contract ? deadlineOf(contract) : DEADLINE_MS;
  }

  function requestOf(step: SendStep | RequestStep): RequestSpec {
    if (step.kind === 'request') {
      const headers = { ...step.headers, ...session.headersFor(step.as) };
      return jsonRequest(step.method, step.path, headers, step.json);
    }
    if (!contract) throw new Error('a send step without a contract passed the check');
    return contractRequest(contract, session);
  }

  async function arm(rules: readonly { written: unknown; planned: PlannedRule }[]): Promise<void> {
    const views = await control.add(
      rules.map(({ written }) => written),
      cell.id,
    );
    const added = views.map((view, i) => ({ view, rule: rules[i] as (typeof rules)[number] }));
    standing.push(...added);
    planned.push(...added);
  }

  async function lift(upstream: string, fault: string): Promise<void> {
    const lifted = standing.filter(
      ({ rule }) => rule.planned.upstream === upstream && isHold(rule.written, fault),
    );
    standing = standing.filter((one) => !lifted.includes(one));
    for (const { view } of lifted) await control.remove(view.id);
  }

  function hold(upstream: string, fault: string) {
    const written = { on: upstream, inject: fault };
    return { written, planned: parseRule(written, namesOf(system)) };
  }

  function callsOf(upstream: string): readonly string[] {
    return Object.keys(system.upstreams[upstream]?.calls ?? {});
  }
}

function isHold(written: unknown, fault: string): boolean {
  return (written as { inject?: unknown }).inject === fault;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** What stopping and pausing an upstream mean at the proxy. */
const HOLDS = { stop: 'refuse', start: 'refuse', pause: 'hang', resume: 'hang' } as const;
const DEADLINE_MS = 10_000;
