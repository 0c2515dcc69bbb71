import { parseRule } from '../../proxy/catalogue.ts';
import type { FaultControl } from '../../proxy/fault-control.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import type { RuleView } from '../../proxy/rules.ts';
import { firedWithin, now, type StandingRule } from '../../scenario/judge/judge.ts';
import { namesOf } from '../../scenario/load/named.ts';
import { pause } from '../../scenario/run/pause.ts';
import { send, sentFor } from '../../scenario/requests/request.ts';
import { describeRule } from '../rule-line.ts';
import { commandFor } from './command-for.ts';
import { specOf, type KnownHealthy } from './healthy.ts';
import { isolationFor } from './isolation.ts';
import { judgeSent } from './judge-sent.ts';
import type { Known, SendPlan } from './plan.ts';
import type { Under } from './sender.ts';
import type { Told } from './told.ts';

/** Breaks what is planned, sends, lifts it, and tells what came of it. Gives what the service asked meanwhile. */
export async function sendPlanned(
  plan: SendPlan,
  run: string,
  under: Under,
  known: KnownHealthy,
  tell: (told: Told) => void,
  signal: AbortSignal,
): Promise<readonly JournalEntry[]> {
  const { control, instance } = under;
  const others = (await control.rules()).filter((rule) => rule.run === undefined);
  const repeatable = plan.request.method === 'GET' || plan.request.method === 'HEAD';
  // With nothing broken, the answer is the healthy one itself; what others have broken is broken for a healthy one, too.
  const asks = repeatable && others.length === 0 && plan.rules.length > 0;
  const healthy = asks ? await known.learn(plan, signal, PATIENCE_MS) : known.of(plan);
  const kept = isolationFor(plan, healthy, under, repeatable);
  const spec = await specOf(plan, under, signal);
  const { next: since } = await control.journal({ run });
  const { own, lift } = await breakFor(
    plan,
    kept.isolation === 'baggage' ? run : undefined,
    control,
  );
  try {
    // Connections that are open are cut first: the service has time to see it.
    if (own.some(({ rule }) => rule.planned.faults.some(({ live }) => live)))
      await pause(CUT_MS, signal);
    const from = now();
    const answer = await send(instance.url, sentFor(run, spec), plan.deadline, signal);
    const to = now();
    const { entries } = await control.journal({ since });
    await lift();
    const { status, problem = null, headers, body, durationMs } = answer;
    tell({
      type: 'answer',
      method: spec.method,
      path: spec.path,
      as: plan.request.as ?? null,
      faults: plan.faults,
      ...kept,
      standing: others.map(describeRule),
      status,
      problem,
      headers,
      body,
      durationMs,
    });
    const mine = entries.filter(
      (entry) => entry.run === run || (kept.isolation !== 'baggage' && entry.run === null),
    );
    const standing = [...own, ...others.flatMap((view) => standingAs(view, under))];
    const reached = (upstream: string) => healthy?.reached.has(upstream) ?? false;
    const fired = new Set(firedWithin(standing, mine, { from, to }, reached));
    // A port that is closed was so before it was sent.
    const during = mine.filter(
      ({ at, durationMs }) => at <= to && (durationMs === null || at + durationMs >= from),
    );
    const sent = { plan, answer, during, entries: mine, own, standing, fired, healthy };
    const judged = judgeSent(sent, under, repeatable);
    tell({ ...judged, curl: commandFor(spec, plan, kept.isolation, under) });
    return during;
  } finally {
    await lift();
  }
}

interface Broken {
  readonly own: readonly StandingRule[];
  /** Lifts all of it, and nothing that others have put there. */
  readonly lift: () => Promise<void>;
}

async function breakFor(
  { rules }: SendPlan,
  run: string | undefined,
  control: FaultControl,
): Promise<Broken> {
  const written = rules.map((rule) => rule.written);
  const views = written.length > 0 ? await control.add(written, run) : [];
  let lifted = false;
  return {
    own: views.flatMap((view, i) => (rules[i] ? [{ view, rule: rules[i] }] : [])),
    async lift() {
      if (lifted) return;
      for (const { id } of views) await control.remove(id);
      lifted = true;
    },
  };
}

/** A fault that somebody else has put there, as the runner knows it; none for what came by Toxiproxy's routes. */
function standingAs(view: RuleView, { spec }: Known): StandingRule[] {
  const { id: _, run: __, until: ___, toxic, ...written } = view;
  if (toxic !== undefined) return [];
  return [{ view, rule: { written, planned: parseRule(written, namesOf(spec)) } }];
}

const CUT_MS = 20;
/** As long as a scenario gives a service to recover, which says nothing of it. */
const PATIENCE_MS = 5000;
