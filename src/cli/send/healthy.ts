import { randomHex } from '../../common/random-hex.ts';
import { differences } from '../../report/differences.ts';
import { jsonRequest } from '../../scenario/requests/contract-request.ts';
import { unhealthy } from '../../scenario/run/healthy.ts';
import { now } from '../../scenario/judge/judge.ts';
import { pause } from '../../scenario/run/pause.ts';
import { send, sentFor, type Answer, type RequestSpec } from '../../scenario/requests/request.ts';
import type { SendPlan } from './plan.ts';
import type { Under } from './sender.ts';

/** What a request is answered while all is well. */
export interface Healthy {
  readonly answer: Answer;
  /** Pointers to what changes from one answer to the next. */
  readonly changing: readonly string[];
  /** The upstreams that the service called for it. */
  readonly reached: ReadonlySet<string>;
  /** Whether those calls said whose they were; null where none was made. */
  readonly passesOn: boolean | null;
  /** A call that did not. */
  readonly lost: string | undefined;
}

/** What is known of requests, each by who makes it. */
export interface KnownHealthy {
  of(plan: SendPlan): Healthy | undefined;
  /**
   * Asks once more; the first time three times, for the first answer of a service is slow, and two tell what changes. Where
   * the contract says that it is not well any more, as after a fault that opened a breaker, it is asked again for so many milliseconds.
   */
  learn(plan: SendPlan, signal: AbortSignal, patience?: number): Promise<Healthy>;
}

export function createKnownHealthy(under: Under): KnownHealthy {
  const { control, instance } = under;
  const known = new Map<string, Healthy>();
  return {
    of: ({ request }) => known.get(JSON.stringify(request)),
    async learn(plan, signal, patience = 0) {
      const key = JSON.stringify(plan.request);
      // What was never well is not about to recover.
      const latest = performance.now() + (known.has(key) ? patience : 0);
      for (;;) {
        const { healthy, isWell } = await learnOnce(plan, signal);
        if (isWell) known.set(key, healthy);
        if (isWell || performance.now() >= latest) return healthy;
        await pause(POLL_MS, signal);
      }
    },
  };

  async function learnOnce(plan: SendPlan, signal: AbortSignal) {
    const spec = await specOf(plan, under, signal);
    const before = known.get(JSON.stringify(plan.request));
    if (!before) await ask(spec, plan.deadline, signal);
    const first = before ? undefined : await ask(spec, plan.deadline, signal);
    const { answer, calls, run } = await ask(spec, plan.deadline, signal);
    const made = calls.filter(({ method }) => method !== null);
    const lost = made.find((entry) => entry.run !== run);
    const changing = first
      ? differences(first.answer.json, answer.json).map(({ pointer }) => pointer)
      : (before?.changing ?? []);
    const healthy: Healthy = {
      answer,
      changing,
      reached: new Set(calls.map(({ upstream }) => upstream)),
      passesOn: made.length === 0 ? null : lost === undefined,
      lost: lost && (lost.call === null ? lost.upstream : `${lost.upstream}.${lost.call}`),
    };
    const contract = plan.contract?.contract;
    const isWell = !contract || unhealthy(contract, answer, instance).length === 0;
    return { healthy, isWell };
  }

  /** What is sent by others at the same time may count as its own: that proves too little, never too much. */
  async function ask(spec: RequestSpec, deadline: number, signal: AbortSignal) {
    const run = `send-${randomHex(4)}`;
    const { next: since } = await control.journal({ run });
    const from = now();
    const answer = await send(instance.url, sentFor(run, spec), deadline, signal);
    const to = now();
    const { entries } = await control.journal({ since });
    await control.forget(run);
    const calls = entries.filter(
      (entry) => entry.at >= from && entry.at <= to && (entry.run === run || entry.run === null),
    );
    return { answer, calls, run };
  }
}

/** The request as it is sent: who makes it is logged in. */
export async function specOf(
  { request: { method, path, as, headers, json } }: SendPlan,
  { identities }: Pick<Under, 'identities'>,
  signal: AbortSignal,
): Promise<RequestSpec> {
  const identity = await identities.headersFor(as, signal);
  return jsonRequest(method, path, { ...headers, ...identity }, json);
}

const POLL_MS = 100;
