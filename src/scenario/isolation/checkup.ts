import type { Instance } from '../../system/system.ts';
import { BASELINE_RUN } from '../run/baseline.ts';
import { contractRequest, deadlineOf } from '../requests/contract-request.ts';
import type { Finding } from '../expectation.ts';
import { changes, unhealthy } from '../run/healthy.ts';
import { askedBy, type Asked } from './asked.ts';
import { send, sentFor, type Answer } from '../requests/request.ts';
import type { Session } from '../run/session.ts';
import type { SuiteCell } from '../suite.ts';
import { nameOf } from './unmarked.ts';

/** Knows how an instance that many cells use answers while all is well, and sees whether it does so again. */
export interface Checkup {
  /** Asks once what the cell will ask: what a first request begins is begun. */
  warm(cell: SuiteCell): Promise<void>;
  /** Learns how that is answered; what was learnt before is not asked again. Nothing may be broken meanwhile. */
  learn(cell: SuiteCell): Promise<void>;
  /** All that the cell will ask has been learnt. */
  knows(cell: SuiteCell): boolean;
  /** What of the cell's answers is not as it was learnt; nothing where that was not well either. */
  findings(cell: SuiteCell): Promise<Finding[]>;
}

/** How one request was answered: with a status, after these calls. */
interface Seen {
  readonly answer: Answer;
  readonly calls: ReadonlySet<string>;
}

interface Parts {
  readonly instance: Instance;
  readonly session: Session;
  /** What is asked next must not count the calls that are late for what was asked before. */
  readonly calm: () => Promise<void>;
  readonly signal: AbortSignal;
}

export function createCheckup({ instance, session, calm, signal }: Parts): Checkup {
  /** By the request; undefined where two answers had nothing in common. */
  const known = new Map<string, { status: number; calls: ReadonlySet<string> } | undefined>();

  return {
    async warm({ contract, ...cell }) {
      if (contract) await session.baseline(contract);
      for (const asked of ownOf(cell)) if (!known.has(asked.key)) await ask(asked);
    },
    async learn({ contract, ...cell }) {
      if (contract) await session.baseline(contract);
      for (const asked of ownOf(cell)) {
        if (known.has(asked.key)) continue;
        const [first, second] = [await see(asked), await see(asked)];
        const { status } = second.answer;
        const same = status !== null && first.answer.status === status;
        const calls = new Set([...second.calls].filter((call) => first.calls.has(call)));
        known.set(asked.key, same ? { status, calls } : undefined);
      }
    },
    knows: (cell) => ownOf(cell).every(({ key }) => known.has(key)),
    async findings({ contract, ...cell }) {
      const found: Finding[] = [];
      const baseline = contract && (await session.baseline(contract));
      if (contract && baseline && 'answer' in baseline) {
        const request = sentFor(BASELINE_RUN, contractRequest(contract, session));
        const answer = await send(instance.url, request, deadlineOf(contract), signal);
        await calm();
        const sick = unhealthy(contract, answer, instance);
        found.push(...(sick.length > 0 ? sick : changes(contract, baseline.answer, answer)));
      }
      for (const asked of ownOf(cell)) {
        const was = known.get(asked.key);
        if (!was) continue;
        const { answer, calls } = await see(asked);
        const of = `${asked.request.method} ${asked.request.path}`;
        if (answer.status !== was.status) {
          const got = answer.status ?? answer.problem;
          found.push({ pointer: `the status of ${of}`, expected: was.status, got });
        }
        // An open breaker may answer as if nothing were: that it does not call tells of it.
        for (const call of was.calls)
          if (!calls.has(call))
            found.push({ pointer: `the calls of ${of}`, expected: call, got: [...calls] });
      }
      return found;
    },
  };

  function ownOf(cell: Omit<SuiteCell, 'contract'>): Asked[] {
    return askedBy({ ...cell, contract: undefined }, session);
  }

  function ask({ request, deadline }: Asked): Promise<Answer> {
    return send(instance.url, sentFor(BASELINE_RUN, request), deadline, signal);
  }

  async function see(asked: Asked): Promise<Seen> {
    const { control } = session.system;
    const { next: since } = await control.journal({ run: BASELINE_RUN });
    const answer = await ask(asked);
    const { entries } = await control.journal({ run: BASELINE_RUN, since });
    await calm();
    return { answer, calls: new Set(entries.filter(({ method }) => method !== null).map(nameOf)) };
  }
}
