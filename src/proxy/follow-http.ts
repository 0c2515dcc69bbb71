import { createRequestSide } from './follow-requests.ts';
import { createResponseSide } from './follow-responses.ts';
import type { End } from './journal.ts';
import type { Link } from './link.ts';
import type { Protocol } from './protocol.ts';
import { serve } from './serve.ts';
import { complete, type Talk } from './talk.ts';
import { tellFailed } from './tell-failed.ts';
import type { Acted, Turn } from './turn.ts';
import type { Shared } from './turns.ts';

/**
 * Follows HTTP/1.1 on a link, both ways, while the bytes go on as they came. A request that rules act on is served alone:
 * after all before it, and with nothing of what comes behind it let through.
 */
export function followHttp(link: Link, shared: Shared): Protocol {
  const talk: Talk = {
    link,
    shared,
    queue: [],
    asking: undefined,
    answering: undefined,
    held: undefined,
    serving: undefined,
    clientEnded: false,
    upstreamEnded: false,
    release() {
      talk.held = undefined;
      requests.takeLater();
      link.regulate();
    },
    takeHead: () => requests.takeHead(),
    serveFirst() {
      const [first] = talk.queue;
      if (first?.acted) void serveAlone(first, first.acted);
    },
  };
  const requests = createRequestSide(talk);
  const responses = createResponseSide(talk);

  link.onGone(() => {
    if (talk.asking?.responseDone && !talk.asking.acted) complete(talk.asking, 'answered');
    endAll(link.end === 'answered' ? 'client-gone' : link.end);
  });

  return {
    fromClient: (bytes) => requests.take(bytes),
    fromUpstream: (bytes) => responses.take(bytes),
    clientEnded() {
      talk.clientEnded = true;
      requests.end();
      // A client that sends its FIN while a fault acts has given up, as far as HTTP clients go.
      const { held, serving } = talk;
      const waits = (held?.acted && !held.through) || (serving?.acted && !serving.acted.passing);
      if (waits) link.giveUp();
      else link.up.end();
    },
    upstreamEnded() {
      talk.upstreamEnded = true;
      responses.end();
      const { serving } = talk;
      if (!serving) endDown();
      else serving.acted?.fail(new Error('the upstream has left'));
    },
    upstreamFailed(error) {
      for (const turn of talk.queue) turn.entry.failed(error);
      const [first] = talk.queue;
      // Whoever serves it tells the client when it has come that far.
      if (talk.serving) talk.serving.acted?.fail(error);
      else void tellFailed(shared, link, first, first?.bytesOut !== 0);
    },
    get aside() {
      return talk.serving?.acted?.forwarded === false;
    },
    get unasked() {
      return talk.queue.length === 0 && link.up.sent === 0;
    },
    wants(from) {
      if (from === 'upstream') return responses.waiting < HELD_AT_MOST;
      return requests.waiting < HELD_AT_MOST;
    },
  };

  async function serveAlone(turn: Turn, acted: Acted): Promise<void> {
    talk.serving = turn;
    await serve(shared, link, turn, acted);
    talk.serving = undefined;
    if (link.gone) return;
    talk.queue.shift();
    talk.answering = undefined;
    talk.held = undefined;
    // It broke behind its response: the client learns of it now that it has got that.
    if (link.upstreamFailed) return void (await tellFailed(shared, link));
    if (talk.upstreamEnded) return endDown();
    talk.release();
    responses.takeStray();
    link.regulate();
  }

  function endDown(): void {
    const [first] = talk.queue;
    const tells = shared.upstreamError === '502' && !talk.clientEnded && first?.bytesOut === 0;
    if (tells) void tellFailed(shared, link, first, false);
    endAll(talk.clientEnded ? 'client-gone' : 'upstream-failed');
    if (!tells) link.down.end();
  }

  function endAll(end: End): void {
    for (const turn of talk.queue.splice(0)) {
      if (turn === talk.serving) {
        turn.acted?.fail(new Error('the connection is gone'));
        continue;
      }
      // Its rules have decided, and will never act.
      if (turn.acted) shared.rules.release(turn.acted.decision.firings);
      complete(turn, end);
    }
  }
}

/** What waits behind an exchange that rules act on, before the connection is no longer read. */
const HELD_AT_MOST = 1024 ** 2;
