import type { Random } from '../common/random.ts';
import type { Amount } from './parameter.ts';

/** What every fault may do: wait, and draw. Both are owned by the rule that fired. */
export interface Acting {
  /** Waits `ms` milliseconds, or until the rule is lifted or the connection is gone. */
  wait(ms: number): Promise<void>;
  /** Waits until the rule is lifted or the connection is gone. */
  untilLifted(): Promise<void>;
  /** Seeded by (seed, rule, ordinal): the same run draws the same numbers. */
  readonly random: Random;
}

/** The client's connection, as a fault may touch it. What a fault does here is in the journal as fired. */
export interface FaultLink extends Acting {
  /** Cuts with a genuine RST, after what was written has left this process. */
  reset(): Promise<void>;
  /** Cuts with a FIN; what the client still sends is read and dropped, so that it never becomes an RST. */
  close(): Promise<void>;
  /** Moves no byte, in either direction, for `ms` or until the rule is lifted; the connection stays open. */
  hold(ms?: number): Promise<void>;
}

export interface RequestHead {
  readonly method: string;
  /** The request target as it came, query included, undecoded. */
  readonly target: string;
  /** The pathname of the target, undecoded. */
  readonly path: string;
  /** Names in lower case; repeated headers joined. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface ResponseHead {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A response that a fault gives in the upstream's place. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * One request and its response on a link, as a fault may touch them. It says nothing of what forwards the bytes.
 * A fault that acts in `body` is called before the head goes out, so that it may still change the framing.
 */
export interface Exchange extends Acting {
  readonly link: FaultLink;
  readonly request: RequestHead;
  /** From the phase `headers` on. */
  readonly response: ResponseHead | undefined;
  /** Gives this answer in the upstream's place; the upstream is not called. Only in `request`. */
  answer(answer: Answer): void;
  /**
   * Edits the whole body (decoded if it was compressed), which is then framed anew. Only in `headers` or `body`.
   * An edit that gives undefined could not act: the body stays and the fault has not fired.
   */
  editBody(edit: (body: Buffer) => Buffer | undefined): void;
  /**
   * Acts when exactly `offset` of the body has left for the client; the rest follows when `act` is done. The framing
   * stays as the head promised. Never fires when the body is shorter. Only in `headers` or `body`.
   */
  atBody(offset: Amount, act: () => Promise<void>): void;
}
