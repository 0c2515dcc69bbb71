import { randomHex } from '../../common/random-hex.ts';
import { now } from '../../scenario/judge.ts';
import { send, sentFor, type Answer, type RequestSpec } from '../../scenario/request.ts';
import { differences } from '../../report/differences.ts';
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

/** Asks once more; the first time three times, for the first answer of a service is slow, and two tell what changes. */
export async function learnHealthy(
  spec: RequestSpec,
  deadline: number,
  { control, instance }: Pick<Under, 'control' | 'instance'>,
  known: Map<string, Healthy>,
  signal: AbortSignal,
): Promise<Healthy> {
  const key = JSON.stringify(spec);
  const before = known.get(key);
  if (!before) await ask();
  const first = before ? undefined : await ask();
  const { answer, calls, run } = await ask();
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
  known.set(key, healthy);
  return healthy;

  async function ask() {
    const asked = `send-${randomHex(4)}`;
    const { next: since } = await control.journal();
    const from = now();
    const given = await send(instance.url, sentFor(asked, spec), deadline, signal);
    const to = now();
    const { entries } = await control.journal({ since });
    await control.forget(asked);
    const during = entries.filter(
      (entry) => entry.at >= from && entry.at <= to && (entry.run === asked || entry.run === null),
    );
    return { answer: given, calls: during, run: asked };
  }
}
