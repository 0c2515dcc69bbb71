import { randomHex } from '../common/random-hex.ts';
import type { JournalEntry } from '../proxy/journal.ts';
import { pause } from '../scenario/run/pause.ts';
import { ask, freshRun } from './ask.ts';
import type { Probe } from './probe.ts';
import type { ServiceContext } from './service.ts';

/** What the service asked of its upstreams for one probe. */
export interface Observed {
  readonly probe: Probe;
  /** How often it was asked. */
  readonly requests: number;
  readonly calls: readonly ObservedCall[];
}

export interface ObservedCall {
  /** Its name, or `GET /path` where it has none. */
  readonly name: string;
  /** What a rule has to name to break it. */
  readonly on: string;
  /** How often it was made, and how often it said whose it was: by baggage, and by the trace. */
  readonly made: number;
  readonly inRun: number;
  readonly inTrace: number;
}

/** Asks a fresh instance a few times, on ports where requests say themselves whose they are. */
export async function observe(
  service: Pick<ServiceContext, 'session' | 'start' | 'spec' | 'probes' | 'signal'>,
): Promise<readonly Observed[]> {
  const { control } = (await service.session()).system;
  const upstreams = Object.entries(service.spec.upstreams).filter(
    ([, one]) => one.protocol === 'http',
  );
  const spoken = upstreams.map(([name]) => name);
  const traceId = randomHex(16);
  await using instance = await service.start();
  // A journal tells no headers, but which rules matched: this one waits for nothing, on calls of the trace.
  const marks = await control.add(
    spoken.map((on) => ({
      on,
      match: { headers: { traceparent: { contains: traceId } } },
      inject: { latency: '0ms' },
    })),
  );
  const isMarked = ({ matched }: JournalEntry) => marks.some(({ id }) => matched.includes(id));
  const runs = new Set<string>();
  const callsDuring = async (work: () => Promise<unknown>): Promise<JournalEntry[]> => {
    const { next: since } = await control.journal();
    await work();
    const { entries } = await control.journal({ since });
    return entries.filter(({ run, upstream, method }) => {
      return method !== null && spoken.includes(upstream) && (run === null || runs.has(run));
    });
  };
  try {
    const unasked = await callsDuring(() => pause(IDLE_MS, service.signal));
    const ownAccord = new Set(unasked.map(nameOf));
    const observed: Observed[] = [];
    for (const probe of service.probes) {
      const entries: JournalEntry[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const run = freshRun();
        runs.add(run);
        entries.push(...(await callsDuring(() => ask(service, instance, probe, { run, traceId }))));
      }
      // What is called all the time anyway is called for nobody.
      const asked = entries.filter((entry) => entry.run !== null || !ownAccord.has(nameOf(entry)));
      observed.push({ probe, requests: ROUNDS, calls: counted(asked, isMarked) });
    }
    return observed;
  } finally {
    for (const { id } of marks) await control.remove(id);
    for (const run of runs) await control.forget(run);
  }
}

function counted(
  entries: readonly JournalEntry[],
  isMarked: (entry: JournalEntry) => boolean,
): ObservedCall[] {
  return [...new Set(entries.map(nameOf))].map((name) => {
    const all = entries.filter((entry) => nameOf(entry) === name);
    const { upstream, call } = all[0] as JournalEntry;
    return {
      name,
      on: call === null ? upstream : `${upstream}.${call}`,
      made: all.length,
      inRun: all.filter(({ run }) => run !== null).length,
      inTrace: all.filter(isMarked).length,
    };
  });
}

/** What a call is known by. */
export function nameOf({ call, method, path }: JournalEntry): string {
  return call ?? `${method} ${(path ?? '').split('?')[0]}`;
}

const ROUNDS = 3;
const IDLE_MS = 200;
