import type { Exchange, FaultLink } from './exchange.ts';
import { choice, type Parameter, type Parameters, type ValuesOf } from './parameter.ts';
import type { Phase } from './phase.ts';

/** A listening port that a fault may take away. */
export interface FaultListener {
  /** Stops listening and resets live connections; resolves when a connection of ours was refused. */
  close(): Promise<void>;
  /** Listens again on the same port. */
  reopen(): Promise<void>;
}

/** The TLS handshake of a connection, as a fault may touch it. */
export interface FaultHandshake {
  /** Ends it with an alert. */
  fail(): Promise<void>;
  /** Shows a certificate that no client should take. */
  certificate(kind: 'expired' | 'self-signed' | 'wrong-host'): void;
}

/** What a rule acts on: a whole upstream or some of its exchanges. */
export interface Target {
  readonly protocol: 'http' | 'tcp';
  /** It names a call or has a `match`. */
  readonly narrowed: boolean;
}

/**
 * A fault: its name, its line of help, its parameters and its behaviour on the surfaces it can act on. Everything else
 * (types, validation, schema, help, tables) is derived from this record.
 */
export interface Fault<P extends Parameters = Parameters> {
  /** The word that people type, and the name of its file. */
  readonly name: string;
  /** What the service sees, in one line. */
  readonly summary: string;
  /** The parameter that the shorthand `{ name: value }` sets. */
  readonly main?: keyof P & string;
  readonly parameters: P;
  /** Parameters to show it by, where what is said by default would show little or is not enough. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** Where it acts, unless its parameter `at` (made by `atPhase`) says otherwise. */
  readonly phase: Phase;
  /** Where its values decide on the phase; `phase` is then that of the defaults. */
  phaseOf?(values: ValuesOf<P>): Phase;
  /** The service is kept waiting rather than answered: a runner may do other work meanwhile. */
  readonly waits?: true;
  /** Acts on connections that were open before the rule came, too, not only on new ones. */
  readonly live?: true | ((values: ValuesOf<P>) => boolean);
  /** What is wrong with the values together, in a sentence; undefined when nothing is. */
  check?(values: ValuesOf<P>, target: Target): string | undefined;
  /** Acts while the rule stands; what it returns puts all back. */
  onListener?(listener: FaultListener, values: ValuesOf<P>): Promise<() => Promise<void>>;
  /** Acts on a connection: when it is accepted, or on all of its bytes. With `protocol: tcp` there is nothing else. */
  onLink?(link: FaultLink, values: ValuesOf<P>): void | Promise<void>;
  /** Acts while TLS is agreed on. */
  onHandshake?(handshake: FaultHandshake, values: ValuesOf<P>): void | Promise<void>;
  /** Acts on one exchange, in its phase. */
  onExchange?(exchange: Exchange, values: ValuesOf<P>): void | Promise<void>;
}

/** Declares a fault, with the types of its parameters checked against its behaviour. */
export function defineFault<const P extends Parameters>(fault: Fault<P>): Fault<P> {
  return fault;
}

/**
 * The parameter `at`. Without a default it is the phase of the rule's target: `accept` where the rule names an upstream,
 * `request` where it names a call.
 */
export function atPhase<const W extends readonly Phase[]>(
  words: W,
  options: { default?: W[number] } = {},
): Parameter<W[number]> {
  const byTarget = options.default === undefined;
  const described = byTarget
    ? 'the phase it acts in; accept on an upstream and request on a call, unless said'
    : 'the phase it acts in';
  const made = choice(described, { words, ...(byTarget ? { optional: true } : options) });
  return { ...made, kind: 'phase' } as Parameter<W[number]>;
}
