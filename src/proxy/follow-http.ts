import { createBodyReader, createHeadFinder, type BodyReader } from './framer.ts';
import { parseRequest, parseResponse, type ParsedResponse } from './head.ts';
import type { End } from './journal.ts';
import type { Link, Protocol } from './link.ts';
import type { Acted, Turn } from './turn.ts';
import { serve as serveActed } from './serve.ts';
import { headFor, openTurn, openUnframed, type Shared } from './turns.ts';

/**
 * Follows HTTP/1.1 on a link, both ways, while the bytes go on as they came. A request that rules act on is served alone:
 * after all before it, and with nothing of what comes behind it let through.
 */
export function followHttp(link: Link, shared: Shared): Protocol {
  const { up, down } = link;
  const requests = createHeadFinder(
    /^[!#$%&'*+.^_`|~\w-]+ [\x21-\x7e\x80-\xff]+ HTTP\/1\.[01]\r\n$/,
  );
  const responses = createHeadFinder(/^HTTP\/1\.[01] [1-9]\d\d(?: [\t\x20-\x7e\x80-\xff]*)?\r\n$/);
  /** Those whose response is not whole, in their order. */
  const queue: Turn[] = [];
  /** Whose request is coming. */
  let asking: Turn | undefined;
  /** Whose response is coming: its body, once its head is there. */
  let answering: BodyReader | undefined;
  /** Nothing behind this one is let through before it is over, or has not become something else. */
  let held: Turn | undefined;
  /** Rules act on this one now. */
  let serving: Turn | undefined;
  /** What came behind the held one; what came behind the response of one that is still served. */
  const [later, stray]: [Buffer[], Buffer[]] = [[], []];
  let [laterBytes, clientEnded, upstreamEnded] = [0, false, false];

  link.onGone(() => {
    if (asking?.responseDone && !asking.acted) complete(asking, 'answered');
    endAll(link.end === 'answered' ? 'client-gone' : link.end);
  });

  return {
    fromClient(bytes) {
      if (later.length > 0 || (held && !asking)) keepForLater(bytes);
      else follow(bytes);
    },
    fromUpstream,
    clientEnded() {
      clientEnded = true;
      if (asking && !asking.asked.endless) asking.abandoned = true;
      if (requests.begun) {
        const bytes = requests.take();
        if (!unframed(bytes, true).acted) up.write(bytes);
      }
      // A client that sends its FIN while a fault acts has given up, as far as HTTP clients go.
      if (held?.acted && !held.through) link.giveUp();
      else if (up.sent > 0) up.end();
    },
    upstreamEnded() {
      upstreamEnded = true;
      const [turn] = queue;
      if (turn && responses.begun) giveHead(turn, undefined, responses.take());
      if (turn && answering?.endless) finishResponse(turn);
      if (!serving) endDown();
      else if (!serving.responseDone) serving.acted?.fail(new Error('the upstream has left'));
    },
    upstreamFailed(error) {
      serving?.acted?.fail(error);
      return serving !== undefined;
    },
    get aside() {
      return serving?.acted?.forwarded === false;
    },
    wants(from) {
      if (from === 'upstream') return stray.length === 0 && below(held?.acted?.responseBody.size);
      return below(laterBytes + (held?.acted?.requestBody.size ?? 0)) && queue.length < MOST_TURNS;
    },
  };

  /** Reads on in what the client sends; what no rule acts on goes on as it is, in one piece. */
  function follow(chunk: Buffer): void {
    let [at, from] = [0, 0];
    const passTo = (to: number) => {
      if (to > from) up.write(to - from === chunk.length ? chunk : chunk.subarray(from, to));
      from = to;
    };
    while (at < chunk.length) {
      if (asking) {
        const end = asking.asked.read(chunk, at);
        const turn = asking;
        turn.bytesIn += end - at;
        if (turn.acted && !turn.through && end > at) {
          const bytes = chunk.subarray(at, end);
          turn.acted.requestBody.push({ bytes, payload: turn.asked.payload });
          from = end;
        }
        at = end;
        settleRequest(turn);
      } else if (held) {
        passTo(at);
        return keepForLater(chunk.subarray(at));
      } else {
        // An empty line before a request is none of it, and harmless.
        while (!requests.begun && isLineEnd(chunk[at])) at++;
        if (at >= chunk.length) break;
        const begun = requests.begun;
        const start = at;
        const end = requests.find(chunk, at);
        if (end === UNFINISHED) return passTo(start);
        const head = requests.take();
        const turn = end === NO_HEAD ? unframed(head, false) : open(head);
        at = end === NO_HEAD ? chunk.length : end;
        if (begun || turn.acted || shared.host !== undefined) {
          passTo(start);
          if (!turn.acted) up.write(headFor(shared, turn, head));
          from = at;
        }
        settleRequest(turn);
      }
    }
    passTo(chunk.length);
  }

  function open(head: Buffer): Turn {
    const request = parseRequest(head.toString('latin1'));
    if (!request) return unframed(head, false);
    const turn = openTurn(shared, link, request, head);
    take(turn);
    if (turn.acted || request.switches) held = turn;
    if (turn.acted && queue.length === 1) serve(turn, turn.acted);
    return turn;
  }

  /** From here on nothing of what the client sends is understood; `whole`: nor does any more come. */
  function unframed(bytes: Buffer, whole: boolean): Turn {
    const turn = openUnframed(shared, link, bytes);
    if (whole) turn.requestDone = true;
    take(turn);
    if (turn.acted) held = turn;
    if (turn.acted && queue.length === 1) serve(turn, turn.acted);
    return turn;
  }

  function take(turn: Turn): void {
    queue.push(turn);
    if (!turn.requestDone) asking = turn;
  }

  function settleRequest(turn: Turn): void {
    const { state } = turn.asked;
    if (state === 'open') return;
    if (state === 'broken') {
      // Whatever else comes belongs to it.
      turn.entry.unframed();
      turn.asked = createBodyReader({ kind: 'close' });
      return;
    }
    turn.requestDone = true;
    asking = undefined;
    turn.acted?.requestBody.close();
    if (turn.responseDone && !turn.acted) complete(turn, 'answered');
  }

  function fromUpstream(chunk: Buffer): void {
    let at = 0;
    let from = 0;
    while (at < chunk.length) {
      const turn = queue[0] ?? unasked();
      if (turn.responseDone) {
        stray.push(chunk.subarray(at));
        from = chunk.length;
        break;
      }
      if (!answering) {
        const end = responses.find(chunk, at);
        const next = end < 0 ? chunk.length : end;
        turn.bytesOut += next - at;
        if (turn.acted) from = next;
        at = next;
        if (end === UNFINISHED) break;
        const head = responses.take();
        const parsed =
          end === NO_HEAD
            ? undefined
            : parseResponse(head.toString('latin1'), turn.request?.method ?? 'GET');
        giveHead(turn, parsed, head);
      } else {
        const end = answering.read(chunk, at);
        turn.bytesOut += end - at;
        if (turn.acted && end > at) {
          turn.acted.responseBody.push({
            bytes: chunk.subarray(at, end),
            payload: answering.payload,
          });
          from = end;
        }
        at = end;
      }
      if (answering?.state === 'broken') {
        turn.entry.unframed();
        answering = createBodyReader({ kind: 'close' });
      } else if (answering?.state === 'done') {
        // What is done is passed on before what it lets through.
        if (at > from) down.write(chunk.subarray(from, at));
        from = at;
        finishResponse(turn);
      }
    }
    if (chunk.length > from) down.write(from === 0 ? chunk : chunk.subarray(from));
  }

  /** A response's head is there, or what can be none. */
  function giveHead(turn: Turn, parsed: ParsedResponse | undefined, bytes: Buffer): void {
    const switched = parsed !== undefined && switches(turn, parsed.status);
    if (parsed && parsed.status < 200 && !switched) {
      if (turn.acted?.interim) down.write(bytes);
      return;
    }
    if (!parsed) turn.entry.unframed();
    turn.status = parsed?.status ?? null;
    const endless = !parsed || switched || !turn.request;
    answering = createBodyReader(endless ? { kind: 'close' } : parsed.framing);
    if (endless) {
      turn.asked = createBodyReader({ kind: 'close' });
      asking = turn;
      turn.requestDone = false;
    }
    if (turn.acted) {
      turn.acted.respond({ parsed, bytes, switched });
      turn.through = endless;
      if (endless) followLater();
    } else if (held === turn) {
      release();
    }
  }

  /** Bytes that nobody has asked for: from here on nothing is understood. */
  function unasked(): Turn {
    const turn = openUnframed(shared, link, Buffer.alloc(0));
    queue.push(turn);
    asking ??= turn;
    return turn;
  }

  function finishResponse(turn: Turn): void {
    answering = undefined;
    turn.responseDone = true;
    if (turn.acted) return turn.acted.responseBody.close();
    queue.shift();
    if (turn.requestDone || upstreamEnded) complete(turn, 'answered');
    const [next] = queue;
    if (next?.acted && !upstreamEnded) serve(next, next.acted);
  }

  function serve(turn: Turn, acted: Acted): void {
    serving = turn;
    void serveActed(shared, link, turn, acted).then(() => {
      serving = undefined;
      if (link.gone) return;
      queue.shift();
      answering = undefined;
      if (upstreamEnded) return endDown();
      release();
      for (const bytes of stray.splice(0)) fromUpstream(bytes);
      link.regulate();
    });
  }

  function release(): void {
    held = undefined;
    followLater();
    link.regulate();
  }

  function followLater(): void {
    while (later.length > 0 && (asking || !held)) {
      const bytes = later.shift() as Buffer;
      laterBytes -= bytes.length;
      follow(bytes);
    }
  }

  function keepForLater(bytes: Buffer): void {
    later.push(bytes);
    laterBytes += bytes.length;
  }

  function endDown(): void {
    endAll(clientEnded ? 'client-gone' : 'upstream-failed');
    down.end();
  }

  function endAll(end: End): void {
    for (const turn of queue.splice(0)) {
      if (turn !== serving) complete(turn, end);
      else turn.acted?.fail(new Error('the connection is gone'));
    }
  }
}

function complete(turn: Turn, end: End): void {
  const how = turn.abandoned ? 'client-gone' : end;
  turn.entry.complete(how, turn.status, turn.bytesIn, turn.bytesOut);
}

function switches({ request }: Turn, status: number): boolean {
  return status === 101 || (request?.method === 'CONNECT' && status < 300 && status >= 200);
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 13 || byte === 10;
}

function below(bytes = 0): boolean {
  return bytes < HELD_AT_MOST;
}

const [UNFINISHED, NO_HEAD] = [-1, -2];
/** What waits behind an exchange that rules act on, before the connection is no longer read. */
const HELD_AT_MOST = 1024 ** 2;
/** Who pipelines more than this waits for answers. */
const MOST_TURNS = 1000;
