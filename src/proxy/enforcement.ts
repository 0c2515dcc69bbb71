import type { ActiveRule } from './active-rule.ts';
import { NO_REQUEST, type Journal } from './journal.ts';
import type { ProxyListener } from './listener.ts';
import type { RuleFault } from './placement.ts';
import { FOREVER } from './waits.ts';

/** What a rule does to one listener, beyond deciding on what comes in: to its port, and to connections that are open. */
export interface Enforcement {
  /** Does it now, and goes on doing it and putting it back as the time of the rule's triggers says. */
  begin(): Promise<void>;
  /** Puts it back. Throws what went wrong meanwhile, when nobody waited for it. */
  end(): Promise<void>;
}

interface Parts {
  readonly rule: ActiveRule;
  readonly listener: ProxyListener;
  readonly journal: Journal;
  /** Whether the listener is one of the proxy's still. */
  isOpen(): boolean;
  /** Changes of rules are made one after another. */
  inTurn(work: () => Promise<void>): Promise<void>;
}

export function createEnforcement(parts: Parts): Enforcement {
  const { rule, listener, journal } = parts;
  const { faults, trigger } = rule.planned;
  const undos: (() => Promise<void>)[] = [];
  let acts = false;
  let acted = false;
  /** The age of the rule at which its triggers say something else. */
  let due = Infinity;
  let failure: { readonly cause: unknown } | undefined;

  return {
    async begin() {
      await update();
      void follow();
    },
    async end() {
      await stop();
      if (failure) throw failure.cause;
    },
  };

  async function follow(): Promise<void> {
    while (Number.isFinite(due)) {
      await rule.waits.wait(Math.max(due - rule.ageMs(), 1), FOREVER);
      await parts
        .inTurn(async () => {
          if (rule.waits.released || !parts.isOpen()) due = Infinity;
          else await update();
        })
        .catch((cause: unknown) => {
          failure = { cause };
          due = Infinity;
        });
    }
  }

  async function update(): Promise<void> {
    // What follows takes its time: the next change is the next after this look, not after that.
    const age = rule.ageMs();
    due = age + (trigger.time?.nextChange(age) ?? Infinity);
    const holds = trigger.time?.holds(age) ?? true;
    if (holds && !acts) await start();
    if (!holds && acts) await stop();
  }

  async function start(): Promise<void> {
    acts = true;
    for (const fault of faults) if (fault.level === 'listener') undos.push(await occupy(fault));
    // What waits on a connection goes on waiting there; what was cut may have come back since.
    const again = faults.every(({ fault, live }) => !live || !fault.waits);
    if (!acted || again) await listener.actOnLive(rule);
    acted = true;
  }

  async function stop(): Promise<void> {
    acts = false;
    await every(undos.splice(0).map((undo) => undo()));
  }

  async function occupy({ fault, values, phase }: RuleFault): Promise<() => Promise<void>> {
    const entry = journal.open({ ...listener.scope, ...NO_REQUEST, matched: [rule.id] });
    const finish = () => entry.complete('closed');
    const undo = await fault.onListener?.(listener, values).catch((error: unknown) => {
      finish();
      throw error;
    });
    entry.fired(rule.id, fault.name, phase);
    return async () => {
      await undo?.().finally(finish);
    };
  }
}

/** Waits for all; throws what the first of them threw. */
export async function every(works: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
