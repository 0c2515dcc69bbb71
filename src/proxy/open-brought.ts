import { takeMembers } from './baggage.ts';
import type { Answer } from './exchange.ts';
import { parseRequest, type ParsedRequest } from './head.ts';
import type { Link } from './link.ts';
import { PHASES } from './phase.ts';
import type { PlanDecision } from './plans.ts';
import { NOTHING, type Decision } from './rules.ts';
import { createActed, type Turn } from './turn.ts';
import { begin, idsOf, type Shared } from './turns.ts';

/**
 * Opens the turn of a request whose baggage says something to brownout: which run it belongs to, and what is to break for
 * it. The upstream gets its head without that. On a listener that has a run of its own, that one counts.
 * @param text the whole head as it came, one character a byte
 */
export function openBrought(shared: Shared, link: Link, text: string): Turn {
  const { rules, journal, callOf, plans } = shared;
  const { head, run, plan: written } = takeMembers(text);
  const bytes = Buffer.from(head, 'latin1');
  // A field less leaves a head as well-formed as it was.
  const request = parseRequest(head) as ParsedRequest;
  const named = run !== undefined && (shared.lent || shared.scope.run === null);
  const scope = named ? { ...shared.scope, run } : shared.scope;
  const call = callOf(request);
  const planned =
    written === undefined ? undefined : plans.decide(written, { scope, call, request });
  const standing = planned?.refused ? NOTHING : rules.onRequest(scope, request, call);
  const decision = planned ? both(planned, standing) : standing;
  const refusal = planned?.refused ? refusalOf(planned) : undefined;
  const acted =
    decision === NOTHING && !refusal
      ? undefined
      : createActed(decision, bytes, () => link.regulate(), refusal);
  const { plan, problem } = planned ?? {};
  const entry = journal.open({
    ...scope,
    call,
    method: request.method,
    path: request.target,
    matched: idsOf(decision.firings),
    ...(plan === undefined ? {} : { plan }),
    ...(problem === undefined ? {} : { planProblem: problem }),
  });
  return begin(request, entry, acted, text.length, head === text ? undefined : bytes);
}

/** In each phase what was asked for this one request comes first. */
function both({ firings }: PlanDecision, standing: Decision): Decision {
  if (firings.length === 0) return standing;
  const all = [...firings, ...standing.firings];
  const sorted = all.sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase));
  return { ...standing, firings: sorted };
}

function refusalOf({ problem }: PlanDecision): Answer {
  const error = `brownout.plan in the request's baggage: ${problem}`;
  return {
    status: 400,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error, status: 400 }),
  };
}
