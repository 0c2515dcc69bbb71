import { createBodyReader, createHeadFinder, NO_HEAD, UNFINISHED } from './framer.ts';
import { parseRequest } from './head.ts';
import { openBrought } from './open-brought.ts';
import { complete, type Talk } from './talk.ts';
import type { Turn } from './turn.ts';
import { headFor, openTurn, openUnframed } from './turns.ts';

/** Follows what a client sends. What no rule acts on goes on as it is, in as few pieces as it came. */
export interface RequestSide {
  take(chunk: Buffer): void;
  /** What waited behind the held turn. */
  takeLater(): void;
  /** The bytes of a head that is not whole; the next ones begin another. */
  takeHead(): Buffer;
  /** The client has sent its FIN: a head that is not whole will not be. */
  end(): void;
  /** Bytes that wait. */
  readonly waiting: number;
}

export function createRequestSide(talk: Talk): RequestSide {
  const { link, shared, queue } = talk;
  const heads = createHeadFinder(REQUEST_LINE, LINE_BEGUN);
  const later: Buffer[] = [];
  let waiting = 0;

  return {
    take(chunk) {
      if (later.length > 0 || (talk.held && !talk.asking)) wait(chunk);
      else follow(chunk);
    },
    takeLater() {
      while (later.length > 0 && (talk.asking || !talk.held)) {
        const chunk = later.shift() as Buffer;
        waiting -= chunk.length;
        follow(chunk);
      }
    },
    takeHead: () => heads.take(),
    end() {
      if (talk.asking && !talk.asking.asked.endless) talk.asking.abandoned = true;
      if (!heads.begun) return;
      const bytes = heads.take();
      const turn = openUnframed(shared, link, bytes);
      turn.requestDone = true;
      enter(turn);
      if (!turn.acted) link.up.write(bytes);
    },
    get waiting() {
      return waiting + (talk.held?.acted?.requestBody.size ?? 0);
    },
  };

  function wait(chunk: Buffer): void {
    later.push(chunk);
    waiting += chunk.length;
  }

  function follow(chunk: Buffer): void {
    let [at, from] = [0, 0];
    const passTo = (to: number) => {
      if (to > from) link.up.write(to - from === chunk.length ? chunk : chunk.subarray(from, to));
      from = to;
    };
    while (at < chunk.length) {
      const { asking } = talk;
      if (asking) {
        const end = asking.asked.read(chunk, at);
        if (give(asking, chunk, at, end)) from = end;
        at = end;
        settle(asking);
      } else if (talk.held) {
        passTo(at);
        // Before what came after it.
        later.unshift(chunk.subarray(at));
        waiting += chunk.length - at;
        return;
      } else {
        // An empty line before a request is none of it, and harmless.
        while (!heads.begun && isLineEnd(chunk[at])) at++;
        if (at >= chunk.length) break;
        const { begun } = heads;
        const start = at;
        const end = heads.find(chunk, at);
        if (end === UNFINISHED) return passTo(start);
        const head = heads.take();
        at = end === NO_HEAD ? chunk.length : end;
        const turn = open(head, end === NO_HEAD);
        if (begun || turn.acted || turn.edited || shared.host !== undefined) {
          passTo(start);
          if (!turn.acted) link.up.write(headFor(shared, turn, head));
          from = at;
        }
        enter(turn);
        settle(turn);
      }
    }
    passTo(chunk.length);
  }

  function open(bytes: Buffer, isNone: boolean): Turn {
    const followed = !isNone && queue.length < MOST_TURNS;
    const text = followed ? bytes.toString('latin1') : '';
    const request = followed ? parseRequest(text) : undefined;
    if (!request) return openUnframed(shared, link, bytes);
    return request.brings
      ? openBrought(shared, link, text)
      : openTurn(shared, link, request, bytes);
  }

  function enter(turn: Turn): void {
    queue.push(turn);
    if (!turn.requestDone) talk.asking = turn;
    if (turn.acted || turn.request?.switches) talk.held = turn;
    if (queue.length === 1) talk.serveFirst();
  }

  /** Counts what is the turn's, and keeps it back where rules act on it. */
  function give(turn: Turn, chunk: Buffer, at: number, end: number): boolean {
    turn.bytesIn += end - at;
    if (!turn.acted || turn.through || end === at) return false;
    const bytes = chunk.subarray(at, end);
    turn.acted.requestBody.push({ bytes, payload: turn.asked.payload });
    return true;
  }

  function settle(turn: Turn): void {
    const { state } = turn.asked;
    if (state === 'open' || turn.requestDone) return;
    if (state === 'broken') {
      // Whatever else comes belongs to it.
      turn.entry.unframed();
      turn.asked = createBodyReader({ kind: 'close' });
      return;
    }
    turn.requestDone = true;
    talk.asking = undefined;
    turn.acted?.requestBody.close();
    if (turn.responseDone && !turn.acted) complete(turn, 'answered');
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 13 || byte === 10;
}

const REQUEST_LINE = /^[!#$%&'*+.^_`|~\w-]+ [\x21-\x7e\x80-\xff]+ HTTP\/1\.[01]\r\n$/;
const LINE_BEGUN =
  /^[!#$%&'*+.^_`|~\w-]+(?: (?:[\x21-\x7e\x80-\xff]+(?: (?:H(?:T(?:T(?:P(?:\/(?:1(?:\.(?:[01]\r?)?)?)?)?)?)?)?)?)?)?)?$/;
/** Who pipelines more is not followed any further: it may wait for no answer before it has sent all. */
const MOST_TURNS = 10_000;
