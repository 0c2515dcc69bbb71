import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, Exchange, RequestHead } from './exchange.ts';
import type { Forward } from './forward.ts';
import type { End, OpenEntry } from './journal.ts';
import type { Link } from './link.ts';
import { PHASES, type Phase } from './phase.ts';
import { FRAMING, sendResponse, type BodyPlan, type Source } from './send.ts';
import { linkSurface, markOf } from './surface.ts';
import type { Firing } from './rules.ts';

/** Bytes of a link so far. */
export type Counts = Pick<Link, 'received' | 'sent'>;

/** One request on a link, with what the rules have decided for it. */
export interface Served {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: RequestHead;
  readonly link: Link;
  /** The link's counts when the exchange before this one had ended. */
  readonly before: Counts;
  readonly firings: readonly Firing[];
  readonly entry: OpenEntry;
}

/** Walks one exchange through its phases, forwards it unless a fault answers, and completes its journal entry. */
export async function serve(served: Served, forward: Forward): Promise<void> {
  const { request, response, link, before, entry } = served;
  const state: State = { answer: undefined, source: undefined, plan: { edits: [], cuts: [] } };
  const outcome = await walk(served, state, forward).catch(() => 'upstream-failed' as const);
  // The client learns of a dead upstream as of a dead connection: there is no answer of ours that would be true.
  if (outcome === 'upstream-failed' && !link.gone) await link.reset();
  if (!request.complete) request.resume();
  if (!response.writableEnded) response.destroy();
  entry.complete(outcome, {
    // What was decided but never said is not the status that the client saw.
    status: response.headersSent ? (state.source?.status ?? null) : null,
    bytesIn: link.received - before.received,
    bytesOut: link.sent - before.sent,
  });
}

interface State {
  answer: Answer | undefined;
  source: Source | undefined;
  readonly plan: BodyPlan;
}

async function walk(served: Served, state: State, forward: Forward): Promise<End> {
  const { request, response, link } = served;
  const ended = (): End => link.cut ?? 'client-gone';
  await act('request', served, state);
  if (link.gone) return ended();
  try {
    state.source = state.answer
      ? sourceOf(state.answer)
      : sourceFrom(await forward(request, response));
    await act('headers', served, state);
    await act('body', served, state);
    if (link.gone) return ended();
    const bodiless = request.method === 'HEAD';
    const whole = await sendResponse(response, state.source, state.plan, {
      link,
      bodiless,
      entry: served.entry,
    });
    if (!whole) return ended();
  } catch (error) {
    if (link.gone) return ended();
    throw error;
  }
  await act('end', served, state);
  return 'answered';
}

async function act(phase: Phase, served: Served, state: State): Promise<void> {
  for (const firing of served.firings) {
    if (firing.phase !== phase || firing.rule.waits.released || served.link.gone) continue;
    await firing.fault.onExchange?.(exchangeSurface(served, state, firing), firing.values);
  }
}

/** What one firing may do to the exchange; whatever it does is noted as fired when it begins to act. */
function exchangeSurface({ head, link, entry }: Served, state: State, firing: Firing): Exchange {
  const mark = markOf(firing, entry);
  const onLink = linkSurface(link, firing, mark);
  // Decided is not done: a rule that is lifted meanwhile leaves the exchange as if healthy.
  const lifted = () => firing.rule.waits.released;
  const early = () => PHASES.indexOf(firing.phase) < PHASES.indexOf('headers');
  return {
    ...onLink,
    link: onLink,
    request: head,
    response: state.source && { status: state.source.status, headers: state.source.headers },
    answer(answer) {
      if (!early() || state.answer) return;
      mark();
      state.answer = answer;
    },
    editBody(edit) {
      state.plan.edits.push((body) => {
        const edited = lifted() ? undefined : edit(body);
        if (edited) mark();
        return edited;
      });
    },
    atBody(offset, act) {
      state.plan.cuts.push({
        offset,
        fault: firing.fault.name,
        async act() {
          if (lifted()) return;
          mark();
          await act();
        },
      });
    },
  };
}

function sourceOf({ status, headers, body }: Answer): Source {
  const hasBody = status !== 204 && status !== 304;
  const content = hasBody ? Buffer.from(body) : Buffer.alloc(0);
  // The answer is framed here: what its headers say of it would only contradict.
  const own = Object.entries(headers).filter(([name]) => !FRAMING.includes(name.toLowerCase()));
  const length = hasBody ? [['content-length', String(content.length)]] : [];
  const all = Object.fromEntries([...own, ...length]) as Record<string, string>;
  return {
    status,
    message: undefined,
    headers: all,
    rawHeaders: Object.entries(all).flat(),
    body: content,
  };
}

function sourceFrom(upstream: IncomingMessage): Source {
  return {
    status: upstream.statusCode ?? 0,
    message: upstream.statusMessage,
    headers: upstream.headers,
    rawHeaders: upstream.rawHeaders,
    body: upstream,
  };
}
