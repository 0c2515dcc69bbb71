import type { Random } from '../common/random.ts';
import type { Amount } from './parameter.ts';
import type { Piece, Stage, Stream } from './stage.ts';
import type { WireHead } from './wire-head.ts';

/** What every fault may do: wait, draw, and remember. All three are owned by the rule that fired. */
export interface Acting {
  /** Waits `ms` milliseconds, or until the rule is lifted or the connection is gone. Nothing has fired by a wait of 0. */
  wait(ms: number): Promise<void>;
  /** Waits until the rule is lifted or the connection is gone. */
  untilLifted(): Promise<void>;
  /** Seeded by (seed, rule, ordinal): the same run draws the same numbers. */
  readonly random: Random;
  /** What the rule keeps from one exchange to the next: made once for each rule. */
  remember<T>(make: () => T): T;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The client's connection, as a fault may touch it. What a fault does here is in the journal as fired. */
export interface FaultLink extends Acting {
  /** Cuts with a genuine RST, after what was written has left this process; the upstream gets one too where `both` is said. */
  reset(both?: 'both'): Promise<void>;
  /** Cuts with a FIN; what the client still sends is read and dropped, so that it never becomes an RST. */
  close(): Promise<void>;
  /** Moves no byte, for `ms` or until the rule is lifted; the connection stays open. Both streams, unless one is said. */
  hold(ms?: number, stream?: Stream): Promise<void>;
  /**
   * Lets a stage have the bytes of a stream: those of the exchange where an exchange is acted upon, else those of the
   * connection. It ends when the rule is lifted.
   */
  shape(stream: Stream, stage: Stage): void;
  /** Does `act` after `ms`, unless the rule is lifted or the connection gone before; what it does counts as fired then. */
  after(ms: number, act: () => Promise<void>): void;
  /** Sends the client bytes of the fault's own. */
  write(bytes: Buffer): Promise<void>;
  /** The rule is lifted, or the connection gone: nothing more is to be done. */
  over(): boolean;
  /** Does `act` when the rule is lifted from the connection and no other takes its place. */
  whenLifted(act: () => Promise<void>): void;
  /** What is kept of this connection, made once: a rule that takes the place of this one goes on with it. */
  keep<T>(make: () => T): T;
}

export interface RequestHead {
  readonly method: string;
  /** The request target as it came, query included, undecoded. */
  readonly target: string;
  /** The pathname of the target, undecoded. */
  readonly path: string;
  /** Names in lower case; repeated headers joined by a comma and a space. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface ResponseHead {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma and a space. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** A response that a fault gives in the upstream's place. It is framed by its length, whatever its headers say. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; a value may be repeated. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** A long one is made while it is sent: pieces of `length` bytes together. */
  readonly body: string | Buffer | { readonly length: number; pieces(): Iterable<Buffer> };
}

/** A response as it came over the wire: its head, and its body as it was encoded but without its framing. */
export interface Recorded {
  readonly head: WireHead;
  readonly body: Buffer;
}

/**
 * One request and its response on a link, as a fault may touch them. It says nothing of what relays the bytes.
 * A fault that acts in `body` is called before the head goes out, so that it may still change the framing.
 */
export interface Exchange extends Acting {
  readonly link: FaultLink;
  readonly request: RequestHead;
  /** From the phase `headers` on. */
  readonly response: ResponseHead | undefined;
  /** Gives this answer in the upstream's place: in `request` the upstream is not called, in `headers` its own is dropped. */
  answer(answer: Answer): void;
  /** Resolves when so much of the request's body has come; all of it, where it is shorter. Only in `request`. */
  received(offset: Amount): Promise<void>;
  /** Sends the upstream a copy of the request ahead of it, and drops what is answered to that. Only in `request`. */
  copyRequest(): Promise<void>;
  /**
   * Edits the head of the response as it stands on the wire, after all that was done to the body. An edit that gives back
   * the very head it got could not act, and the fault has not fired. Before `end`.
   */
  editHead(edit: (head: WireHead) => WireHead): void;
  /**
   * Edits the whole body (decoded if it was compressed), which is then framed anew. Only in `headers` or `body`.
   * An edit that gives undefined could not act: the body stays and the fault has not fired.
   */
  editBody(edit: (body: Buffer) => Buffer | undefined): void;
  /** Changes the bytes of the body (as encoded) as they pass, but not how many they are. Only in `headers` or `body`. */
  eachPiece(edit: Piece): void;
  /** Puts bytes of the fault's own in the place of the whole response. Undefined: it could not act. Only in `headers` or `body`. */
  rewrite(make: (whole: Recorded) => readonly Buffer[] | undefined): void;
  /** Gets a copy of the response once it has gone out whole, unless it is longer than 64 MB. It does not count as fired. Before `end`. */
  record(keep: (response: Recorded) => void): void;
  /**
   * Acts when exactly `offset` of the head (its bytes, status line included) has left for the client. Only in `headers`.
   */
  atHead(offset: Amount, act: () => Promise<void>): void;
  /**
   * Acts when exactly `offset` of the body has left for the client; the rest follows when `act` is done. The framing
   * stays as the head promised. Never fires when the body is shorter. Only in `headers` or `body`.
   */
  atBody(offset: Amount, act: () => Promise<void>): void;
}
