import { createRandom } from '../../../src/common/random.ts';
import { collectedMemory } from '../../proxy/hostile/memory.ts';
import { nextPoll, nothingLeft, resources } from '../../proxy/rig.ts';
import {
  asAda,
  asPlayer,
  startPortalUnderTest,
  until,
  type LogLine,
} from '../portal-under-test.ts';
import { startStub, type Stub } from '../stub-stats.ts';
import type { World } from './ask.ts';
import { draw } from './asks.ts';
import { createClient } from './client.ts';
import { describeOutage, HEALTHY, outageOf, type Outage } from './outages.ts';
import { createRecovery } from './recovery.ts';

/** What came of many requests through alternating outages. */
export interface Soak {
  readonly requests: number;
  readonly phases: number;
  /** How often each kind of request was sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** One sentence each. */
  readonly violations: readonly string[];
  /** By how many bytes more was in use in the second half than in the first: medians, garbage collected. */
  readonly grown: number;
}

export interface SoakOptions {
  readonly seed: string;
  readonly requests: number;
  /** Requests between one outage and the next. */
  readonly perPhase: number;
  readonly onProgress?: (done: number, outage: string, megabytes: number) => void;
}

/** One portal, asked by many clients while its stats service suffers one thing after the other. */
export async function soak(options: SoakOptions): Promise<Soak> {
  // Mocha starts its own timer when a test has given its promise.
  await nextPoll();
  const before = resources();
  const result = await soakOne(options);
  const left: string[] = [];
  await nothingLeft(before).catch((error: Error) => left.push(`left behind: ${error.message}`));
  return { ...result, violations: [...result.violations, ...left] };
}

async function soakOne({ seed, requests, perPhase, onProgress }: SoakOptions): Promise<Soak> {
  const violations: string[] = [];
  const sent = new Map<string, number>();
  const memory: number[] = [];
  const phases = Math.ceil(requests / perPhase);
  let service = { stub: await startStub(), gone: false };
  const lately: LogLine[] = [];
  const portal = await startPortalUnderTest(service.stub.url, ENV, false, (line) => {
    if (lately.push(line) > MOST_LINES) lately.splice(0, MOST_LINES / 2);
    // That a service fails is told as loudly as it shall be; that a request did would be a defect.
    if (/error|fatal/.test(line.level) && !String(line['msg']).startsWith('Alert: '))
      violations.push(`logged: ${JSON.stringify(line)}`);
  });
  const client = createClient(portal.url);
  const recovery = createRecovery();
  const headers = {
    ada: await asAda(),
    grace: await asPlayer('grace'),
    expired: await asAda(2 * 3_600_000),
    operator: { authorization: `Bearer ${ENV.OPERATOR_TOKEN}` },
  };

  for (let phase = 0; phase < phases && violations.length < ENOUGH; phase++) {
    const outage = outageOf(phase, createRandom(`${seed}:outage:${phase}`));
    service = await suffer(service, outage);
    recovery.begin();
    await inLanes(Math.min(perPhase, requests - phase * perPhase), async (i) => {
      const random = createRandom(`${seed}:${phase}:${i}`);
      const ask = draw(random);
      sent.set(ask.name, (sent.get(ask.name) ?? 0) + 1);
      const world: World = { client, outage, recovery, headers };
      await ask.send(world, random).catch((error: Error) => {
        const id = /request (\w+)/.exec(error.message)?.[1];
        const logged = lately.filter(({ requestId }) => requestId === id);
        violations.push(
          `${ask.name} in phase ${phase} (${describeOutage(outage)}): ${error.message}; logged: ${JSON.stringify(logged)}`,
        );
      });
    });
    service.stub.calls.length = 0;
    memory.push(collectedMemory());
    onProgress?.(
      Math.min(requests, (phase + 1) * perPhase),
      describeOutage(outage),
      (memory.at(-1) ?? 0) / 2 ** 20,
    );
  }

  client[Symbol.dispose]();
  await portal[Symbol.asyncDispose]();
  await until(() => service.stub.connections() === 0);
  await service.stub[Symbol.asyncDispose]();
  return {
    requests: [...sent.values()].reduce((a, b) => a + b, 0),
    phases,
    sent,
    violations,
    grown: growth(memory),
  };
}

/** Gives the stats service its next trouble: a refusal closes it for real, and the port is the one that it comes back to. */
async function suffer(
  { stub, gone }: { readonly stub: Stub; readonly gone: boolean },
  { refused, board, stats }: Outage,
): Promise<{ readonly stub: Stub; readonly gone: boolean }> {
  if (refused) {
    await stub[Symbol.asyncDispose]();
    return { stub, gone: true };
  }
  const next = gone ? await startStub(Number(new URL(stub.url).port)) : stub;
  next.board = board.answer(HEALTHY.board);
  next.stats = stats.answer(HEALTHY.stats);
  return { stub: next, gone: false };
}

async function inLanes(count: number, work: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < count; i = next++) await work(i);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** The first tenth is left out: what is made once and kept is no leak. */
function growth(memory: readonly number[]): number {
  const settled = memory.slice(Math.ceil(memory.length / 10));
  const half = Math.floor(settled.length / 2);
  return median(settled.slice(half)) - median(settled.slice(0, half));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

// More would wait for one another on a busy machine, and look like a slow stats service.
const LANES = 10;
const MOST_LINES = 1000;
/** A defect that shows in every request need not be told a thousand times. */
const ENOUGH = 50;
/** Attempts have time enough on a busy machine; breakers close soon after an outage. */
const ENV = {
  ATTEMPT_TIMEOUT: '2s',
  PAGE_DEADLINE: '6s',
  BREAKER_OPEN: '50ms',
  RETRY_AFTER_MAX: '50ms',
  LOG_LEVEL: 'info',
  OPERATOR_TOKEN: 'only-operators-know-this-token',
};
