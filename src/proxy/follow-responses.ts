import { createBodyReader, createHeadFinder, NO_HEAD, UNFINISHED } from './framer.ts';
import { parseResponse, type ParsedResponse } from './head.ts';
import { complete, type Talk } from './talk.ts';
import type { Turn } from './turn.ts';
import { openUnframed } from './turns.ts';

/** Follows what the upstream sends: each response belongs to the first turn that waits for one. */
export interface ResponseSide {
  take(chunk: Buffer): void;
  /** What came behind the response of a turn that was still being served. */
  takeStray(): void;
  /** The upstream has sent its FIN: what ends with the connection has ended. */
  end(): void;
  readonly waiting: number;
}

export function createResponseSide(talk: Talk): ResponseSide {
  const { link, shared, queue } = talk;
  const heads = createHeadFinder(STATUS_LINE);
  const stray: Buffer[] = [];

  return {
    take,
    takeStray() {
      for (const chunk of stray.splice(0)) take(chunk);
    },
    end() {
      const [turn] = queue;
      if (turn && heads.begun) {
        // Half a head is no answer: it went on as it came, and the turn ends without one.
        const bytes = heads.take();
        if (turn.acted) giveHead(turn, undefined, bytes);
        else turn.entry.unframed();
      }
      if (turn && talk.answering?.endless) finish(turn);
    },
    get waiting() {
      const strayed = stray.reduce((bytes, chunk) => bytes + chunk.length, 0);
      return (talk.held?.acted?.responseBody.size ?? 0) + strayed;
    },
  };

  function take(chunk: Buffer): void {
    let [at, from] = [0, 0];
    while (at < chunk.length) {
      const turn = queue[0] ?? unasked();
      const start = at;
      if (turn.responseDone) {
        stray.push(chunk.subarray(at));
        from = at = chunk.length;
      } else if (talk.answering) {
        at = talk.answering.read(chunk, at);
        const bytes = chunk.subarray(start, at);
        if (at > start) turn.acted?.responseBody.push({ bytes, payload: talk.answering.payload });
      } else {
        const end = heads.find(chunk, at);
        at = end < 0 ? chunk.length : end;
        if (end !== UNFINISHED) {
          const head = heads.take();
          giveHead(turn, end === NO_HEAD ? undefined : parsed(turn, head), head);
        }
      }
      turn.bytesOut += at - start;
      if (turn.acted) from = at;
      if (talk.answering?.state === 'broken') {
        turn.entry.unframed();
        relay(turn);
      } else if (talk.answering?.state === 'done') {
        // What is done is passed on before what it lets through.
        if (at > from) link.down.write(chunk.subarray(from, at));
        from = at;
        finish(turn);
      }
    }
    if (at > from) link.down.write(from === 0 ? chunk : chunk.subarray(from));
  }

  /** A response's head is there, or what can be none. */
  function giveHead(turn: Turn, head: ParsedResponse | undefined, bytes: Buffer): void {
    const switched = head !== undefined && switches(turn, head.status);
    if (head && head.status < 200 && !switched) {
      if (turn.acted?.interim) link.down.write(bytes);
      return;
    }
    if (!head) turn.entry.unframed();
    turn.status = head?.status ?? null;
    turn.acted?.respond({ parsed: head, bytes, switched });
    if (!head || switched || turn.asked.endless) return relay(turn);
    talk.answering = createBodyReader(head.framing);
    if (talk.held === turn && !turn.acted) talk.release();
  }

  /** From here on the bytes are the turn's, both ways, to the connection's end. */
  function relay(turn: Turn): void {
    talk.answering = createBodyReader({ kind: 'close' });
    turn.asked = createBodyReader({ kind: 'close' });
    turn.through = true;
    turn.requestDone = false;
    talk.asking = turn;
    const begun = talk.takeHead();
    turn.bytesIn += begun.length;
    if (begun.length > 0) link.up.write(begun);
    if (talk.held === turn) talk.release();
  }

  /** Bytes that nobody has asked for: from here on nothing is understood. */
  function unasked(): Turn {
    const turn = openUnframed(shared, link, Buffer.alloc(0));
    const { asking } = talk;
    if (asking?.responseDone && !asking.acted) complete(asking, 'answered');
    queue.push(turn);
    relay(turn);
    talk.answering = undefined;
    return turn;
  }

  function finish(turn: Turn): void {
    talk.answering = undefined;
    turn.responseDone = true;
    if (turn.acted) return turn.acted.responseBody.close();
    queue.shift();
    if (turn.requestDone || talk.upstreamEnded) complete(turn, 'answered');
    if (!talk.upstreamEnded) talk.serveFirst();
  }
}

function parsed({ request }: Turn, head: Buffer): ParsedResponse | undefined {
  return parseResponse(head.toString('latin1'), request?.method ?? 'GET');
}

function switches({ request }: Turn, status: number): boolean {
  return status === 101 || (request?.method === 'CONNECT' && status >= 200 && status < 300);
}

const STATUS_LINE = /^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?\r\n$/;
