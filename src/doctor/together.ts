import type { FaultControl } from '../proxy/fault-control.ts';
import { pause } from '../scenario/run/pause.ts';
import type { Answer } from '../scenario/requests/request.ts';
import type { Instance } from '../system/system.ts';
import { ask, freshRun } from './ask.ts';
import { nameOf, type Observed, type ObservedCall } from './observe.ts';
import { differing, type Reference } from './reference.ts';
import type { ServiceContext } from './service.ts';

/** What was seen of two runs on one instance: how much of one shows in the other, if it does. */
export interface Together {
  /** In a sentence; absent where nothing was seen. */
  readonly leak?: string;
  /** Requests that were made under a fault, and answers to others that were whole. */
  readonly broken: number;
  readonly whole: number;
}

/** One request, and the names of the calls that were made for it. */
interface Asked {
  readonly answer: Answer;
  readonly made: readonly string[];
}

/**
 * Breaks one call for requests of one run on a fresh instance, and looks at requests of others: before anything else was
 * asked, at once, and after it broke so often that a breaker opens. An answer must be whole and its calls made, for what
 * is kept from an earlier request is not asked for again.
 */
export async function watchTogether(
  service: ServiceContext,
  { probe, calls, requests }: Observed,
  call: ObservedCall,
): Promise<Together> {
  if (call.made < requests) {
    const leak = `${call.name} was called ${call.made} times for ${requests} requests, so answers are kept`;
    return { leak, broken: 0, whole: 0 };
  }
  const { control } = (await service.session()).system;
  const healthy = await service.reference(probe);
  await using instance = await service.start();
  const under = { ...service, control, instance, probe };
  let [broken, whole] = [0, 0];

  const breakIt = async (inject: unknown, run = freshRun()): Promise<Asked> => {
    broken++;
    await control.add([{ on: call.on, inject }], run);
    try {
      return await asked(under, run);
    } finally {
      await control.clear(run);
    }
  };
  /** Why another's request was not as if nothing had happened. */
  const look = async (when: string): Promise<string | undefined> => {
    const { answer, made } = await asked(under, freshRun());
    const places = differingFrom(healthy, answer);
    if (places.length > 0) return `${when}, the answer to another run differs at ${list(places)}`;
    const missing = calls.filter(({ name }) => !made.includes(name)).map(({ name }) => name);
    if (missing.length > 0) return `${when}, ${list(missing)} was not called for another run`;
    whole++;
    return undefined;
  };
  const told = (leak?: string): Together => ({ ...(leak ? { leak } : {}), broken, whole });

  const first = await breakIt(REFUSED);
  let leak = await look(`after ${call.name} broke once for one run`);
  for (let round = 0; round < ROUNDS && !leak; round++) {
    const run = freshRun();
    const slow = breakIt([{ latency: `${OVERLAP_MS}ms` }, REFUSED], run);
    const [seen] = await Promise.all([
      untilCalled(under, run, call.name, slow).then(() =>
        look(`while ${call.name} breaks for one run`),
      ),
      slow,
    ]);
    leak = seen;
  }
  if (leak) return told(leak);
  const since = performance.now();
  for (let burst = 0; burst < BURSTS && performance.now() - since < MOST_MS; burst++)
    await Promise.all([REFUSED, CUT, REFUSED, CUT].map((fault) => breakIt(fault)));
  leak = await look(`after ${call.name} broke ${broken} times for one run`);
  if (leak) return told(leak);
  const [again, last] = [await breakIt(REFUSED), await breakIt(REFUSED)];
  const changing = new Set(differing(again.answer, last.answer));
  const places = differing(first.answer, again.answer, changing);
  if (places.length === 0) return told();
  return told(
    `what ${call.name} does when it breaks changes with what was asked before, at ${list(places)}`,
  );
}

interface Under extends Pick<ServiceContext, 'session' | 'signal'> {
  readonly control: FaultControl;
  readonly instance: Instance;
  readonly probe: Observed['probe'];
}

async function asked(under: Under, run: string): Promise<Asked> {
  const { control, instance, probe } = under;
  try {
    const answer = await ask(under, instance, probe, { run });
    const { entries } = await control.journal({ run });
    return { answer, made: entries.map(nameOf) };
  } finally {
    await control.forget(run);
  }
}

/** Resolves when the call is under way, or is not going to be. */
async function untilCalled(
  { control, signal }: Under,
  run: string,
  call: string,
  over: Promise<unknown>,
): Promise<void> {
  let ended = false;
  const end = () => void (ended = true);
  over.then(end, end);
  for (;;) {
    const { entries } = await control.journal({ run });
    if (ended || entries.some((entry) => nameOf(entry) === call)) return;
    await pause(POLL_MS, signal);
  }
}

function differingFrom(healthy: Reference, answer: Answer): string[] {
  return 'answer' in healthy ? differing(healthy.answer, answer, healthy.ignored) : [];
}

function list(names: readonly string[]): string {
  const shown = [...new Set(names)].map((name) => name || 'its body');
  const more = shown.length > SHOWN ? ` and ${shown.length - SHOWN} more` : '';
  return shown.slice(0, SHOWN).join(', ') + more;
}

/** What many a breaker counts, and what many a client retries. */
const REFUSED = { status: 503 };
const CUT = { reset: 'request' };
/** So long does a call break that another's is made meanwhile. */
const OVERLAP_MS = 60;
const ROUNDS = 5;
/** Of four at once. More than most breakers count. */
const BURSTS = 5;
const MOST_MS = 10_000;
const POLL_MS = 2;
const SHOWN = 3;
