import { randomHex } from '../../common/random-hex.ts';
import { parseRule } from '../../proxy/catalogue.ts';
import type { FaultControl } from '../../proxy/fault-control.ts';
import { createInTurn } from '../../proxy/in-turn.ts';
import type { RuleView } from '../../proxy/rules.ts';
import { jsonRequest } from '../../scenario/contract-request.ts';
import { firedWithin, now, type StandingRule } from '../../scenario/judge.ts';
import { namesOf } from '../../scenario/named.ts';
import { pause } from '../../scenario/pause.ts';
import type { Redactor } from '../../scenario/redact.ts';
import { send, sentFor, type RequestSpec } from '../../scenario/request.ts';
import type { Instance } from '../../system/system.ts';
import { describeRule } from '../rule-line.ts';
import { commandFor } from './command-for.ts';
import type { Healthy } from './healthy.ts';
import { learnHealthy } from './healthy.ts';
import type { Identities } from './identities.ts';
import { isolationFor } from './isolation.ts';
import { judgeSent } from './judge-sent.ts';
import { planSend, type Known, type SendPlan } from './plan.ts';
import type { Asked, Told } from './told.ts';

/** What requests are sent to, and how it is broken for them. */
export interface Under extends Known {
  /** The system's file, as an absolute path. */
  readonly file: string;
  readonly control: FaultControl;
  readonly instance: Instance;
  readonly identities: Identities;
  readonly redactor: Redactor;
  /** The front door, where others than this request may come in. */
  readonly page: string | undefined;
}

/** Sends one request at a time, with what is broken for it alone, and tells what came of it. */
export interface Sender {
  /**
   * Checks what was asked for; what it gives does it. Everything is lifted when that settles.
   * @throws {InvalidError}
   * @throws {BrownoutError} `usage`
   */
  prepare(asked: Asked): (tell: (told: Told) => void, signal: AbortSignal) => Promise<void>;
  /** Learns what a request is answered while all is well, so that the first to be broken can be compared. */
  learn(asked: Asked, signal: AbortSignal): Promise<void>;
}

export function createSender(under: Under): Sender {
  const inTurn = createInTurn();
  const known = new Map<string, Healthy>();
  return {
    prepare(asked) {
      const plan = planSend(asked, under);
      return (tell, signal) =>
        inTurn(() =>
          sendPlanned(plan, under, known, (told) => tell(under.redactor.redact(told)), signal),
        );
    },
    learn: (asked, signal) =>
      inTurn(async () => {
        const plan = planSend(asked, under);
        const spec = await specOf(plan, under, signal);
        await learnHealthy(spec, plan.deadline, under, known, signal);
      }),
  };
}

async function sendPlanned(
  plan: SendPlan,
  under: Under,
  known: Map<string, Healthy>,
  tell: (told: Told) => void,
  signal: AbortSignal,
): Promise<void> {
  const { control, instance } = under;
  const spec = await specOf(plan, under, signal);
  const others = (await control.rules()).filter(({ run }) => run === undefined);
  const repeatable = spec.method === 'GET' || spec.method === 'HEAD';
  const key = JSON.stringify(spec);
  // With nothing broken, the answer is the healthy one itself.
  const healthy =
    repeatable && others.length === 0 && plan.rules.length > 0
      ? await learnHealthy(spec, plan.deadline, under, known, signal)
      : known.get(key);
  const { isolation, why } = isolationFor(plan, healthy, under, repeatable);
  const run = `send-${randomHex(4)}`;
  const scope = isolation === 'baggage' ? run : undefined;
  const { next: since } = await control.journal();
  const views = await control.add(
    plan.rules.map(({ written }) => written),
    scope,
  );
  const lift = async () => {
    for (const { id } of views) await control.remove(id);
  };
  try {
    const own = views.map((view, i) => ({
      view,
      rule: plan.rules[i] as SendPlan['rules'][number],
    }));
    // Connections that are open are cut first: the service has time to see it.
    if (own.some(({ rule }) => rule.planned.faults.some(({ live }) => live)))
      await pause(CUT_MS, signal);
    const from = now();
    const answer = await send(instance.url, sentFor(run, spec), plan.deadline, signal);
    const span = { from, to: now() };
    const { entries } = await control.journal({ since });
    await lift();
    const { status, problem = null, headers, body, durationMs } = answer;
    tell({
      type: 'answer',
      method: spec.method,
      path: spec.path,
      as: plan.request.as ?? null,
      faults: plan.faults,
      isolation,
      why,
      standing: others.map(describeRule),
      status,
      problem,
      headers,
      body,
      durationMs,
    });
    const mine = entries.filter(
      (entry) => entry.run === run || (isolation !== 'baggage' && entry.run === null),
    );
    const standing = [...own, ...others.flatMap((view) => standingAs(view, under))];
    const reached = (upstream: string) => healthy?.reached.has(upstream) ?? false;
    const fired = new Set(firedWithin(standing, mine, span, reached));
    const during = mine.filter(({ at }) => at >= span.from && at <= span.to);
    const sent = { plan, answer, during, entries: mine, own, standing, fired, healthy };
    tell({
      ...judgeSent(sent, under, repeatable),
      curl: commandFor(spec, plan, isolation, under),
    });
  } finally {
    await lift();
  }
}

async function specOf(plan: SendPlan, under: Under, signal: AbortSignal): Promise<RequestSpec> {
  const { method, path, as, headers, json } = plan.request;
  const identity = await under.identities.headersFor(as, signal);
  return jsonRequest(method, path, { ...headers, ...identity }, json);
}

/** A fault that somebody else has put there, as the runner knows it; none for what came by Toxiproxy's routes. */
function standingAs(view: RuleView, { spec }: Known): StandingRule[] {
  const { id: _, run: __, until: ___, toxic, ...written } = view;
  if (toxic !== undefined) return [];
  return [{ view, rule: { written, planned: parseRule(written, namesOf(spec)) } }];
}

const CUT_MS = 20;
