import type { Answer } from './exchange.ts';
import type { BodyReader } from './framer.ts';
import type { ParsedRequest, ParsedResponse } from './head.ts';
import { createInbox, type Inbox } from './inbox.ts';
import type { OpenEntry } from './journal.ts';
import type { Decision } from './rules.ts';

/** One request of a connection and its response; or bytes that are neither, to the connection's end. */
export interface Turn {
  /** Undefined where the bytes are no request. */
  readonly request: ParsedRequest | undefined;
  readonly entry: OpenEntry;
  /** The head that goes to the upstream, where it is not what came. */
  readonly edited: Buffer | undefined;
  /** There when rules act on it, or may yet. */
  readonly acted: Acted | undefined;
  /** Follows the request's body. */
  asked: BodyReader;
  bytesIn: number;
  bytesOut: number;
  status: number | null;
  requestDone: boolean;
  responseDone: boolean;
  /** What the client sends goes to the upstream as it comes, whatever acts: it is no request any more. */
  through: boolean;
  /** The client has left before its request was whole. */
  abandoned: boolean;
}

/** What is there of an exchange that rules act on: its bytes do not go on by themselves. */
export interface Acted {
  readonly decision: Decision;
  /** It is answered by us, whatever rules say, and the upstream is not called. */
  readonly refusal: Answer | undefined;
  readonly head: Buffer;
  readonly requestBody: Inbox;
  readonly responseBody: Inbox;
  /** The response's head. Rejects when none will come. */
  readonly responded: Promise<Responded>;
  respond(responded: Responded): void;
  /** The connection it came by, or the upstream's, is gone. */
  fail(error: Error): void;
  /** The upstream has been called. */
  forwarded: boolean;
  /** What came in place of a response goes on as it comes: no fault acts any more. */
  passing: boolean;
  /** Interim responses go on to the client: not once the fault has said something itself. */
  interim: boolean;
}

export interface Responded {
  /** Undefined where what came is no head. */
  readonly parsed: ParsedResponse | undefined;
  /** As it came. */
  readonly bytes: Buffer;
  /** What follows is no HTTP any more. */
  readonly switched: boolean;
}

/** @param onTaken called when bytes of either body were taken */
export function createActed(
  decision: Decision,
  head: Buffer,
  onTaken: () => void,
  refusal?: Answer,
): Acted {
  const requestBody = createInbox(onTaken);
  const responseBody = createInbox(onTaken);
  let settle: { respond(responded: Responded): void; reject(error: Error): void } | undefined;
  const responded = new Promise<Responded>((respond, reject) => (settle = { respond, reject }));
  // Who has answered by itself does not wait for it.
  responded.catch(() => {});
  return {
    decision,
    refusal,
    head,
    requestBody,
    responseBody,
    responded,
    respond: (made) => settle?.respond(made),
    fail(error) {
      requestBody.fail(error);
      responseBody.fail(error);
      settle?.reject(error);
    },
    forwarded: false,
    passing: false,
    interim: true,
  };
}
