import type { Fault, Target } from './fault.ts';
import { FAULTS, type PlannedFault } from './fault-spec.ts';
import { CONNECTION_PHASES, PHASES, type Phase } from './phase.ts';

/** One fault of a rule, and where the rule lets it act. */
export interface RuleFault extends PlannedFault {
  readonly phase: Phase;
  /** What it acts on: the port itself, each connection, or each exchange that the rule means. */
  readonly level: 'listener' | 'connection' | 'request';
  /** Acts on connections that were open before the rule came, too. */
  readonly live: boolean;
}

/** What a rule acts on, as far as it matters to where its faults may act. */
export interface Place extends Target {
  readonly upstream: string;
  readonly tls: boolean;
  /** It waits for the upstream's response to decide. */
  readonly byResponse: boolean;
}

/** Where a fault acts at this place; or, in a sentence, why it cannot. */
export function placeFault(planned: PlannedFault, place: Place): RuleFault | string {
  const { fault } = planned;
  const phase = phaseOf(planned, place);
  const level = levelOf(fault, phase, place);
  const values = takesAt(fault) ? { ...planned.values, at: phase } : planned.values;
  const live = typeof fault.live === 'function' ? fault.live(values) : fault.live === true;
  const placed = { ...planned, values, phase, level, live: live && level === 'connection' };
  return unfit(placed, place) ?? fault.check?.(values, place) ?? placed;
}

/** It needs no HTTP: a connection is enough, or its port or its handshake. */
export function actsOnTcp(fault: Fault): boolean {
  return 'onLink' in fault || 'onListener' in fault || 'onHandshake' in fault;
}

function phaseOf({ fault, spec, values }: PlannedFault, place: Place): Phase {
  const { protocol, narrowed, byResponse } = place;
  if (fault.phaseOf) return fault.phaseOf(values);
  if (!takesAt(fault)) return byResponse && fault.phase === 'request' ? 'headers' : fault.phase;
  if (spec['at'] !== undefined) return values['at'] as Phase;
  if (protocol === 'tcp') return 'accept';
  if (byResponse) return latePhases(fault)[0] ?? 'request';
  return (values['at'] as Phase | undefined) ?? (narrowed ? 'request' : 'accept');
}

function levelOf(fault: Fault, phase: Phase, { protocol }: Place): RuleFault['level'] {
  if (fault.onListener) return 'listener';
  const early = protocol === 'tcp' || CONNECTION_PHASES.includes(phase);
  return early || !fault.onExchange ? 'connection' : 'request';
}

function unfit({ fault, phase, level }: RuleFault, place: Place): string | undefined {
  const { name } = fault;
  const { upstream } = place;
  const named = takesAt(fault) || fault.onListener ? `${name} at ${phase}` : name;
  if (fault.onHandshake && !place.tls)
    return `${name} acts on TLS, and "${upstream}" is reached without: set tls: true on that upstream`;
  if (place.protocol === 'tcp') {
    if (!actsOnTcp(fault))
      return `${name} acts on HTTP, and "${upstream}" speaks tcp: use ${tcpFaults(place)}`;
    if (takesAt(fault) && phase !== 'accept' && phase !== 'body')
      return `${named} acts on HTTP, and "${upstream}" speaks tcp: use at: accept or at: body`;
    return undefined;
  }
  if (place.narrowed && level !== 'request') {
    return (
      `${named} acts on connections, before any path is known: ` +
      `use reset or close with at: request, or put it on the whole upstream (on: ${upstream})`
    );
  }
  if (place.byResponse && phase === 'request') {
    const late = latePhases(fault).join(' or ');
    const advice = late === '' ? 'leave match.response out' : `use at: ${late}`;
    return `${named} comes before the response that match.response asks for: ${advice}`;
  }
  return undefined;
}

/** Its phase is a parameter. */
function takesAt({ parameters }: Fault): boolean {
  return parameters['at']?.kind === 'phase';
}

/** Those of its phases in which the response is known. */
function latePhases({ parameters }: Fault): Phase[] {
  const words = parameters['at']?.schema['enum'] as readonly Phase[] | undefined;
  return (words ?? []).filter((word) => PHASES.indexOf(word) >= PHASES.indexOf('headers'));
}

function tcpFaults({ tls }: Place): string {
  const fitting = [...FAULTS.values()].filter(
    (fault) => actsOnTcp(fault) && (tls || !fault.onHandshake),
  );
  return fitting.map(({ name }) => name).join(', ');
}
