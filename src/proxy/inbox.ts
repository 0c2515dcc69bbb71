/** Bytes of a message's body, or of its framing. */
export interface Segment {
  readonly bytes: Buffer;
  readonly payload: boolean;
}

/** The body of a message on which rules act: bytes wait in it until whoever serves the exchange takes them. */
export interface Inbox {
  push(segment: Segment): void;
  /** Nothing more comes: the message is whole. */
  close(): void;
  /** Nothing more comes, and the message is not whole. */
  fail(error: Error): void;
  /**
   * The next segment; undefined when the message is whole and all is taken.
   * @throws what it failed with, once all that came before is taken
   */
  next(): Promise<Segment | undefined>;
  /** Bytes that wait. */
  readonly size: number;
  readonly closed: boolean;
}

/** @param onTaken called when bytes were taken */
export function createInbox(onTaken: () => void): Inbox {
  const segments: Segment[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;

  const inbox = {
    size: 0,
    closed: false,
    push(segment: Segment) {
      segments.push(segment);
      inbox.size += segment.bytes.length;
      wake?.();
    },
    close() {
      inbox.closed = true;
      wake?.();
    },
    fail(error: Error) {
      if (inbox.closed) return;
      failure ??= error;
      wake?.();
    },
    async next() {
      while (segments.length === 0) {
        if (inbox.closed) return undefined;
        if (failure) throw failure;
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
      }
      const segment = segments.shift() as Segment;
      inbox.size -= segment.bytes.length;
      onTaken();
      return segment;
    },
  };
  return inbox;
}
