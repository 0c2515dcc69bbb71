import type { FaultLink } from '../exchange.ts';
import { defineFault } from '../fault.ts';
import { FAULTS, type FaultSpec, type PlannedFault } from '../fault-spec.ts';
import type { Stream } from '../stage.ts';

/** One attribute of a toxic: a whole number, 0 where it is not said. */
export interface Attribute {
  readonly description: string;
  readonly unit: 'ms' | 'µs' | 'bytes' | 'KB/s';
  /** 0 unless said. */
  readonly min?: number;
}

/**
 * A type of toxic, as Toxiproxy's clients know it: its name, its attributes, and what the engine does for it. Everything else
 * (checks, forms, messages) is derived from this record.
 */
export interface Toxic<A extends string = string> {
  /** As clients write it. */
  readonly type: string;
  readonly summary: string;
  readonly attributes: Readonly<Record<A, Attribute>>;
  /** What is wrong with the values together, and with which of them. */
  check?(values: Readonly<Record<A, number>>): { attribute: A; message: string } | undefined;
  /** The faults that act on the connection. */
  faults(values: Readonly<Record<A, number>>, stream: Stream): readonly PlannedFault[];
}

/** Declares a toxic, with its attributes checked against what it makes of them. */
export function defineToxic<const A extends string>(toxic: Toxic<A>): Toxic<A> {
  return toxic;
}

/** A fault of the catalogue, with values that are in range already; `written` is how a rule would say it. */
export function nativeFault(
  written: FaultSpec,
  values: Readonly<Record<string, unknown>>,
): PlannedFault {
  const fault = FAULTS.get(written.fault);
  if (!fault) throw new Error(`there is no fault "${written.fault}"`);
  return { fault, spec: written, values };
}

/** A fault that no rule can name, for what Toxiproxy does otherwise than the catalogue. */
export function ownFault(
  spec: FaultSpec,
  summary: string,
  onLink: (link: FaultLink) => void,
): PlannedFault {
  const fault = defineFault({
    name: spec.fault,
    summary,
    parameters: {},
    phase: 'body',
    live: true,
    onLink,
  });
  return { fault, spec, values: {} };
}
