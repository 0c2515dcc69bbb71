/** What follows the bytes of a link: it is given all that comes, and writes to the pipes what is to go on. */
export interface Protocol {
  fromClient(bytes: Buffer): void;
  fromUpstream(bytes: Buffer): void;
  /** The client has sent its FIN. */
  clientEnded(): void;
  upstreamEnded(): void;
  /** The upstream could not be reached, or its connection broke: the client is told of it. */
  upstreamFailed(error: Error): void;
  /** Nothing is asked of the upstream, and the client is served without it: its connection may go. */
  readonly aside: boolean;
  /** Nothing was asked of the upstream yet, and perhaps never will: that it cannot be reached is nobody's concern. */
  readonly unasked: boolean;
  /** More bytes may come from there. */
  wants(from: 'client' | 'upstream'): boolean;
}
