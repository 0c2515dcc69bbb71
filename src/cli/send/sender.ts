import type { FaultControl } from '../../proxy/fault-control.ts';
import { createInTurn } from '../../proxy/in-turn.ts';
import { redactedError, type Redactor } from '../../scenario/run/redact.ts';
import type { Instance } from '../../system/system.ts';
import { createKnownHealthy } from './healthy.ts';
import type { Identities } from './identities.ts';
import { planSend, type Known } from './plan.ts';
import { rememberSent } from './remember-sent.ts';
import { sendPlanned } from './send-planned.ts';
import type { Asked, Told } from './told.ts';

/** What requests are sent to, and how it is broken for them. */
export interface Under extends Known {
  /** The system's file, as an absolute path. */
  readonly file: string;
  readonly control: FaultControl;
  readonly instance: Instance;
  readonly identities: Identities;
  readonly redactor: Redactor;
  /** The front door, where others than this request may come in. */
  readonly page: string | undefined;
}

/** Sends one request at a time, with what is broken for it alone, and tells what came of it. */
export interface Sender {
  /**
   * Checks what was asked for; what it gives does it. Everything is lifted when that settles.
   * @throws {InvalidError}
   * @throws {BrownoutError} `usage`
   */
  prepare(
    asked: Asked,
  ): Promise<(tell: (told: Told) => void, signal: AbortSignal) => Promise<void>>;
  /** Learns what a request is answered while all is well, so that the first to be broken can be compared. */
  learn(asked: Asked, signal: AbortSignal): Promise<unknown>;
}

export function createSender(under: Under): Sender {
  const inTurn = createInTurn();
  const healthy = createKnownHealthy(under);
  const sent = rememberSent();
  return {
    async prepare(asked) {
      const { entry } = asked;
      const all = entry === undefined ? asked : await sent.behind(entry, under.control);
      const plan = planSend(all, under);
      const run = sent.remember(all);
      return (tell, signal) =>
        inTurn(async () => {
          const redacted = (told: Told) => tell(under.redactor.redact(told));
          try {
            sent.caused(run, await sendPlanned(plan, run, under, healthy, redacted, signal));
          } catch (error) {
            throw redactedError(error, under.redactor);
          }
        });
    },
    learn: (asked, signal) => inTurn(() => healthy.learn(planSend(asked, under), signal)),
  };
}
