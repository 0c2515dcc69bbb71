import { setMaxListeners } from 'node:events';
import { messageOf } from '../common/errors.ts';
import type { Check, Finding, Verdict } from './check.ts';
import type { MachineContext } from './machine.ts';
import type { ServiceContext } from './service.ts';

/** A check, and what came of it. */
export interface Examined extends Finding {
  readonly name: string;
  readonly needs: Check['needs'];
  readonly proves: string;
  readonly durationMs: number;
}

export interface ExamineOptions {
  readonly machine: MachineContext;
  /** Without one, nothing is checked that needs it. */
  readonly service?: ServiceContext | undefined;
  /** Called before each check. */
  readonly on: (check: Check) => void;
  readonly signal: AbortSignal;
}

/** Tries the checks one after another: each may take the whole machine. Rejects only when it is interrupted. */
export async function examine(
  checks: readonly Check[],
  options: ExamineOptions,
): Promise<readonly Examined[]> {
  const { service, on, signal } = options;
  // A check listens once for each of its connections.
  setMaxListeners(0, signal);
  const done: Examined[] = [];
  for (const check of checks) {
    if (check.needs === 'service' && !service) continue;
    on(check);
    const since = performance.now();
    const { name, needs, proves } = check;
    const before = done.find((one) => one.name === check.after);
    const finding =
      before && isBad(before)
        ? { verdict: 'unknown' as const, seen: `not tried: “${before.name}” did not hold` }
        : advised(check, await tried(check, options));
    done.push({ name, needs, proves, ...finding, durationMs: performance.now() - since });
  }
  return done;
}

/** What holds of all: the worst of them. */
export function worstOf(examined: readonly Examined[]): Verdict {
  return WORST_FIRST.find((worst) => examined.some(({ verdict }) => verdict === worst)) ?? 'holds';
}

/** What cannot even be tried does not hold. */
async function tried(check: Check, { machine, service, signal }: ExamineOptions): Promise<Finding> {
  try {
    if (check.needs === 'machine') return await check.run(machine);
    return await check.run(service as ServiceContext);
  } catch (error) {
    signal.throwIfAborted();
    return { verdict: 'fails', seen: messageOf(error) };
  }
}

/** Where something is to be done, what. */
function advised({ advice }: Check, finding: Finding): Finding {
  return isBad(finding) ? { advice, ...finding } : finding;
}

function isBad({ verdict }: Finding): boolean {
  return WORST_FIRST.includes(verdict);
}

const WORST_FIRST: readonly Verdict[] = ['fails', 'unknown'];
