import type { Answer } from './exchange.ts';
import { exchangeSurface } from './exchange-surface.ts';
import type { ParsedResponse } from './head.ts';
import type { End } from './journal.ts';
import type { Link } from './link.ts';
import type { Phase } from './phase.ts';
import { createRequestReader, type RequestReader } from './request-reader.ts';
import type { ActiveRule, Firing } from './rules.ts';
import { createPlan, sendResponse, type Plan } from './send.ts';
import { sourceFrom, sourceOf, type Source } from './source.ts';
import { tellFailed } from './tell-failed.ts';
import type { Acted, Responded, Turn } from './turn.ts';
import { headFor, idsOf, type Shared } from './turns.ts';

/** An exchange that rules act on, on its way through the phases. */
export interface Served {
  readonly shared: Shared;
  readonly link: Link;
  readonly turn: Turn;
  readonly acted: Acted;
  readonly request: RequestReader;
  /** In the order of the phases; those of rules that wait for the response come last. */
  firings: readonly Firing[];
  /** Rules that decide when the response is known. */
  readonly waiting: ActiveRule[];
  /** What is being done now. */
  phase: Phase;
  answer: Answer | undefined;
  response: ParsedResponse | undefined;
  source: Source | undefined;
  /** The response has begun to go out. */
  said: boolean;
  readonly plan: Plan;
  /** What goes on after a fault's own call, and ends with the exchange. */
  readonly lasting: (() => void)[];
}

/** Walks one exchange through its phases, and completes its journal entry. It never rejects. */
export async function serve(shared: Shared, link: Link, turn: Turn, acted: Acted): Promise<void> {
  const before = link.down.sent;
  const served: Served = {
    shared,
    link,
    turn,
    acted,
    request: createRequestReader(shared, link, turn, acted),
    firings: acted.decision.firings,
    waiting: [...acted.decision.needResponse],
    phase: 'request',
    answer: acted.refusal,
    response: undefined,
    source: undefined,
    said: false,
    plan: createPlan(),
    lasting: [],
  };
  let end: End;
  let told = false;
  try {
    end = await walk(served);
  } catch {
    end = link.gone ? endOf(link) : 'upstream-failed';
    if (!link.gone) told = await tellFailed(shared, link, turn, link.down.sent > before);
  }
  for (const stop of served.lasting) stop();
  shared.rules.release(served.firings);
  // What was decided but never said is not the status that the client saw.
  const seen = served.said ? (served.source?.status ?? turn.status) : null;
  const status = told ? turn.status : seen;
  const bytesOut = link.down.sent - before;
  const last = served.source?.last ?? false;
  const goesOn = end === 'answered' && !last && !turn.through;
  if (goesOn && acted.forwarded) await served.request.forwarded();
  turn.entry.complete(end, status, turn.bytesIn, bytesOut);
  served.request.discard();
  if (end === 'answered' && last) await link.close();
}

async function walk(served: Served): Promise<End> {
  const { link, turn, acted, plan } = served;
  if (acted.decision.needBody.length > 0) await decideByBody(served);
  await act('request', served);
  if (link.gone) return endOf(link);
  if (served.answer) {
    served.source = sourceFrom(served.answer, turn.request, acted);
    acted.interim = false;
    await act('headers', served);
  } else {
    const { bytes, switched } = await ask(served);
    await act('headers', served);
    if (served.answer) replace(served, served.answer);
    else if (!served.source || switched) return passOn(served, bytes);
  }
  await act('body', served);
  if (link.gone) return endOf(link);
  for (const { fault } of turn.entry.injected) plan.faults.add(fault);
  served.said = true;
  await sendResponse(link, served.source as Source, plan);
  await link.down.flushed();
  if (link.gone) return endOf(link);
  await act('end', served);
  return link.gone ? endOf(link) : 'answered';
}

/** Calls the upstream, and waits for the head of its response. */
async function ask(served: Served): Promise<Responded> {
  const { shared, link, turn, acted, request } = served;
  acted.forwarded = true;
  link.up.write(headFor(shared, turn, acted.head));
  void request.forward();
  const responded = await acted.responded;
  served.source = sourceOf(responded, acted);
  served.response = responded.parsed;
  if (served.response && served.waiting.length > 0) {
    decided(served, shared.rules.onResponse(served.waiting, served.response));
  }
  return responded;
}

/** The upstream's answer is replaced: what is still to come of it is nobody's. */
function replace(served: Served, answer: Answer): void {
  const { link, turn, acted, request } = served;
  served.source = sourceFrom(answer, turn.request, acted);
  if (acted.responseBody.closed) return;
  request.discard();
  link.disconnect();
}

/** What is no HTTP response, or no HTTP from here on, goes on to its end as it comes. */
async function passOn(served: Served, head: Buffer): Promise<End> {
  const { link, acted, turn } = served;
  served.said = true;
  turn.through = true;
  acted.passing = true;
  await link.down.send(head);
  for (;;) {
    const segment = await acted.responseBody.next();
    if (!segment || link.gone) return link.gone ? endOf(link) : 'answered';
    await link.down.send(segment.bytes);
  }
}

function act(phase: Phase, served: Served): Promise<void> | undefined {
  served.phase = phase;
  return served.firings.some((firing) => firing.phase === phase)
    ? actInTurn(phase, served)
    : undefined;
}

async function actInTurn(phase: Phase, served: Served): Promise<void> {
  for (const firing of served.firings) {
    if (firing.phase !== phase || firing.rule.waits.released || served.link.gone) continue;
    await firing.fault.onExchange?.(exchangeSurface(served, firing), firing.values);
  }
}

async function decideByBody(served: Served): Promise<void> {
  const { shared, acted, request } = served;
  const body = await request.body();
  // A body that is too long to be kept matches nothing.
  const { firings, needResponse } = shared.rules.onBody(
    acted.decision.needBody,
    body ?? Buffer.alloc(0),
  );
  served.waiting.push(...needResponse);
  decided(served, firings);
}

function decided(served: Served, firings: readonly Firing[]): void {
  if (firings.length === 0) return;
  served.firings = [...served.firings, ...firings];
  served.turn.entry.match(idsOf(firings));
}

function endOf(link: Link): End {
  return link.end === 'answered' ? 'client-gone' : link.end;
}
