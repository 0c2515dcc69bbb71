import { differences } from '../scenario/judge/difference.ts';
import { send, type Answer } from '../scenario/requests/request.ts';
import type { Baseline } from '../scenario/run/baseline.ts';
import type { Probe } from './probe.ts';
import type { ServiceContext } from './service.ts';

/** What a probe is answered while all is well, or why that is not known. */
export type Reference =
  | {
      readonly answer: Answer;
      /** Pointers to what changes from one answer to the next. */
      readonly ignored: ReadonlySet<string>;
    }
  | Extract<Baseline, { readonly verdict: string }>;

/** A contract knows what is healthy, and the runner judges it so; of any other request a 2xx is. */
export async function learnReference(
  { session, signal }: Pick<ServiceContext, 'session' | 'signal'>,
  probe: Probe,
): Promise<Reference> {
  const opened = await session();
  if (probe.contract) {
    const baseline = await opened.baseline(probe.contract);
    if ('verdict' in baseline) return baseline;
    return { answer: baseline.answer, ignored: new Set(probe.contract.volatile) };
  }
  await using instance = await opened.system.start(LEARNING_RUN, signal);
  const answers: Answer[] = [];
  for (let i = 0; i < 3; i++) {
    const answer = await send(instance.url, probe.request(opened), probe.deadline, signal);
    const { status } = answer;
    if (status === null || status < 200 || status > 299) {
      const findings = [{ pointer: 'status', expected: '2xx', got: status ?? answer.problem }];
      return { verdict: 'broken', reason: 'its answer is not healthy', findings };
    }
    answers.push(answer);
  }
  const [answer, ...others] = answers as [Answer, ...Answer[]];
  return { answer, ignored: new Set(others.flatMap((other) => pointersTo(answer, other))) };
}

/** Where an answer differs from another, what is ignored aside: JSON pointers, `status`, or `` for all of the body. */
export function differing(
  expected: Answer,
  got: Answer,
  ignored: ReadonlySet<string> = NOTHING,
): string[] {
  if (got.status !== expected.status) return ['status'];
  return pointersTo(expected, got, ignored);
}

function pointersTo(expected: Answer, got: Answer, ignored = NOTHING): string[] {
  if (expected.json !== undefined)
    return differences(expected.json, got.json, ignored).map(({ pointer }) => pointer);
  return expected.body === got.body || ignored.has('') ? [] : [''];
}

const NOTHING: ReadonlySet<string> = new Set<string>();
const LEARNING_RUN = 'what is healthy';
