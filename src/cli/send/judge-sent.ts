import { isDeepStrictEqual } from 'node:util';
import { valueAt } from '../../common/json-pointer.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import { differences } from '../../report/differences.ts';
import type { Evidence, Finding } from '../../scenario/expectation.ts';
import { exitOf } from '../../scenario/run/exit.ts';
import { judgeDegraded } from '../../scenario/expectations/degraded.ts';
import { neverOf, unhealthy } from '../../scenario/run/healthy.ts';
import {
  callsSeen,
  plannedOnCalls,
  unfiredOf,
  type StandingRule,
} from '../../scenario/judge/judge.ts';
import type { Answer } from '../../scenario/requests/request.ts';
import type { Healthy } from './healthy.ts';
import type { SendPlan } from './plan.ts';
import type { Under } from './sender.ts';
import type { Saved, ToldVerdict } from './told.ts';

/** What was sent, and all that was seen of it. */
export interface Sent {
  readonly plan: SendPlan;
  readonly answer: Answer;
  /** What the service asked of its upstreams meanwhile, connections on which no request was read among it. */
  readonly during: readonly JournalEntry[];
  /** All since it was sent. */
  readonly entries: readonly JournalEntry[];
  /** What was broken for it; and with what stood for everybody. */
  readonly own: readonly StandingRule[];
  readonly standing: readonly StandingRule[];
  readonly fired: ReadonlySet<string>;
  readonly healthy: Healthy | undefined;
}

type Outcome = Pick<ToldVerdict, 'verdict' | 'reason' | 'findings'>;

/** The verdict on one answer, and what it differs in from a healthy one. */
export function judgeSent(
  sent: Sent,
  under: Under,
  repeatable: boolean,
): Omit<ToldVerdict, 'curl'> {
  const { plan, answer, during, own, standing, healthy, fired } = sent;
  const evidence = evidenceOf(sent, under);
  const outcome = outcomeOf(sent, under, evidence);
  const unfired = unfiredOf(own, fired);
  const { verdict, reason, findings } = withUnfired(outcome, unfired, during);
  const isBroken = standing.length > 0;
  return {
    type: 'verdict',
    verdict,
    exit: verdict === null ? 0 : exitOf(verdict),
    reason,
    contract: plan.contract?.contract.contract ?? null,
    findings,
    exchanges: during,
    differences:
      isBroken && healthy && verdict !== 'broken' ? differing(healthy, answer, plan) : null,
    healthy: healthy
      ? { status: healthy.answer.status, durationMs: healthy.answer.durationMs }
      : null,
    whyNone: isBroken && !healthy ? whyNone(repeatable) : null,
    address: addressOf(sent),
    saved: savedOf(sent, under, verdict, evidence),
  };
}

function evidenceOf(sent: Sent, { instance, spec }: Under): Evidence {
  const { plan, answer, during, entries, standing, fired, healthy } = sent;
  const contract = plan.contract?.contract;
  const callsOf = (upstream: string) => Object.keys(spec.upstreams[upstream]?.calls ?? {});
  return {
    answer,
    exchanges: during.filter(({ method }) => method !== null),
    planned: plannedOnCalls(standing, contract, callsOf, entries, fired),
    baseline: healthy?.answer,
    contract,
    never: contract ? neverOf(contract, instance) : [],
    log: [],
    judgedByBody: [],
  };
}

function outcomeOf(sent: Sent, { instance }: Under, evidence: Evidence): Outcome {
  const { plan, answer, healthy, standing } = sent;
  const contract = plan.contract?.contract;
  if (instance.died !== undefined) {
    const told = [`the service died: ${instance.died}`, ...instance.log.lines.slice(-LOG_LINES)];
    return { verdict: 'failed', reason: told.join('\n'), findings: [] };
  }
  if (answer.status === null) {
    const finding = {
      pointer: 'status',
      expected: contract ? 200 : 'an answer',
      got: answer.problem,
    };
    return { verdict: 'failed', reason: null, findings: [finding] };
  }
  if (!contract) return { verdict: null, reason: null, findings: [] };
  const before = standing.length === 0 ? answer : healthy?.answer;
  if (!before) {
    const reason =
      'there is no healthy answer to compare with: lift what stands by "brownout fault clear", and send it once';
    return { verdict: 'inconclusive', reason, findings: [] };
  }
  const ill = unhealthy(contract, before, instance);
  if (ill.length > 0) {
    const reason =
      standing.length === 0
        ? 'it is not well, and nothing was broken for it'
        : 'it was not well before anything was broken, perhaps for what was broken before: a breaker that is still open, a cache';
    return { verdict: 'broken', reason, findings: ill };
  }
  if (standing.length === 0) return { verdict: 'passed', reason: null, findings: [] };
  const findings = judgeDegraded('either', evidence);
  return { verdict: findings.length > 0 ? 'failed' : 'passed', reason: null, findings };
}

/** A fault that never fired proves nothing, whatever else was seen. */
function withUnfired(
  outcome: Outcome,
  unfired: readonly string[],
  exchanges: readonly JournalEntry[],
): Outcome {
  if (unfired.length === 0) return outcome;
  const told = `never fired: ${unfired.join(', ')}; ${callsSeen(exchanges)}`;
  const reason = outcome.reason === null ? told : `${outcome.reason}; and ${told}`;
  const settled = outcome.verdict === 'failed' || outcome.verdict === 'broken';
  return { ...outcome, verdict: settled ? outcome.verdict : 'inconclusive', reason };
}

/** What changes anyway is left out. */
function differing({ answer: healthy, changing }: Healthy, got: Answer, plan: SendPlan): Finding[] {
  const status =
    healthy.status === got.status
      ? []
      : [{ pointer: 'status', expected: healthy.status, got: got.status ?? got.problem }];
  if (got.status === null) return status;
  const volatile = new Set([...(plan.contract?.contract.volatile ?? []), ...changing]);
  const places = differences(healthy.json, got.json).filter(
    ({ pointer }) => !volatile.has(pointer),
  );
  if (places.length > 0) return [...status, ...places];
  const same =
    healthy.json === undefined
      ? healthy.body === got.body
      : alike(healthy.json, got.json, volatile);
  const whole = { pointer: '', expected: shown(healthy), got: shown(got) };
  return same ? status : [...status, whole];
}

/** Nothing differs but what changes anyway. */
function alike(one: unknown, other: unknown, volatile: ReadonlySet<string>): boolean {
  return isDeepStrictEqual(one, other) || (volatile.size > 0 && differences(one, other).length > 0);
}

function shown({ json, body }: Answer): unknown {
  return json === undefined ? body : json;
}

function whyNone(repeatable: boolean): string {
  return repeatable
    ? 'faults stand, and it was never sent while all was well: "brownout fault clear" lifts them'
    : 'it is sent once only, for it may change something';
}

function addressOf({ plan, own, standing }: Sent): string | null {
  const { contract, ofContract, address } = plan;
  const alone = own.length === standing.length;
  return contract && ofContract && alone && address !== null
    ? `${contract.contract.contract}~${address}`
    : null;
}

function savedOf(
  { plan, own, standing, answer }: Sent,
  { file }: Under,
  verdict: ToldVerdict['verdict'],
  { planned }: Evidence,
): Saved {
  const { contract, ofContract } = plan;
  // What was armed is over when it has acted.
  const others = standing.filter((one) => !own.includes(one) && one.view.until === undefined);
  const calls = Object.entries(contract?.contract.calls ?? {});
  const faulted = new Set(planned.flatMap((one) => one.calls));
  const broken = calls.filter(([, { flag }]) => valueAt(answer.json, flag) === true);
  const names = broken.map(([name]) => name).filter((name) => faulted.has(name));
  const seen = names.length === faulted.size ? 'exact' : names.length === 0 ? 'none' : names;
  return {
    systemFile: file,
    contractFile: contract?.file ?? null,
    ofContract,
    faults: [...plan.said, ...others.map(({ rule }) => rule.written)],
    onConnections: standing.some(({ rule }) =>
      rule.planned.faults.some(({ level }) => level !== 'request'),
    ),
    degraded: verdict === 'passed' ? seen : 'either',
  };
}

const LOG_LINES = 5;
