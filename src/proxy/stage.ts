/** Which way bytes go: `down` from the upstream to the client, `up` from the client to the upstream. */
export const STREAMS = ['down', 'up'] as const;
export type Stream = (typeof STREAMS)[number];

/** Changes bytes, but not how many they are. */
export type Piece = (bytes: Buffer) => Buffer;

/** Something that bytes go through on their way. */
export interface Stage {
  /** It still takes what comes when its rule is lifted, for that ends the connection. A rule in its place takes over. */
  readonly outlasts?: boolean;
  /**
   * Takes the bytes that came at `arrivedAt` (of `performance.now`) and gives them to `pass`: whole or in pieces, as they
   * are or changed, now or later. What is not passed is lost. The next ones come when it has resolved.
   */
  data?(bytes: Buffer, pass: Pass, arrivedAt: number): Promise<void>;
  /** The stream's end, a FIN, goes on when it has resolved. */
  end?(): Promise<void>;
}

/** Resolves when the bytes were taken, and more may come. */
export type Pass = (bytes: Buffer) => Promise<void>;

/** Lets nothing through before `until`. */
export function holding(onHeld: () => void, until: Promise<void>): Stage {
  return {
    async data(bytes, pass) {
      onHeld();
      await until;
      await pass(bytes);
    },
    end: () => until,
  };
}
