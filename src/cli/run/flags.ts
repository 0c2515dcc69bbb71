import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../common/duration.ts';
import type { ChoosingScenarios } from '../../scenario/choose/chosen.ts';
import type { RunPolicy } from '../../scenario/run/run-options.ts';
import type { Shard } from '../../scenario/choose/shard.ts';

/** What `brownout run` is told, beside the paths. */
export interface RunFlags extends ChoosingScenarios {
  readonly seed?: string;
  readonly retries?: number;
  readonly failOnFlaky?: true;
  readonly bail?: number | true;
  readonly timeout?: number;
  readonly faults: boolean;
  readonly plan?: true;
  readonly watch?: true;
  readonly reporter?: readonly string[];
  readonly verbose?: true;
}

export function policyOf(flags: RunFlags): RunPolicy {
  const { retries, failOnFlaky, bail, timeout, faults } = flags;
  return {
    ...(retries === undefined ? {} : { retries }),
    ...(failOnFlaky ? { failOnFlaky } : {}),
    ...(bail === undefined ? {} : { bail: bail === true ? 1 : bail }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(faults ? {} : { noFaults: true }),
  };
}

/** A whole number from `least` on. */
export function whole(least: number) {
  return (value: string): number => {
    if (/^\d{1,6}$/.test(value) && Number(value) >= least) return Number(value);
    throw new InvalidArgumentError(`expected a whole number from ${least}`);
  };
}

/** `2/4` */
export function shard(value: string): Shard {
  const [, index, total] = (/^(\d{1,6})\/(\d{1,6})$/.exec(value) ?? []).map(Number);
  if (index !== undefined && total !== undefined && index >= 1 && index <= total)
    return { index, total };
  throw new InvalidArgumentError('expected such as 2/4: the second of four');
}

export function duration(value: string): number {
  try {
    const ms = parseDuration(value);
    if (ms > 0 && ms <= LONGEST_MS) return ms;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidArgumentError(error.message);
  }
  throw new InvalidArgumentError('expected a duration from 1ms to 24h');
}

/** What a timer of Node can wait for is not much more than 24 days. */
const LONGEST_MS = 24 * 3_600_000;
