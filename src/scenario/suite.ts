import type { Position } from '../common/errors.ts';
import type { PlannedRule } from '../proxy/catalogue.ts';
import type { SystemSpec } from '../system/spec.ts';
import type { Contract } from './format/contract.ts';
import type { During } from './format/during.ts';
import type { Section } from './load/fill-in.ts';
import type { OwnRequest, Step } from './step.ts';

/** A rule as it was written, with the cell's values; and what it means. */
export interface SuiteRule {
  readonly written: unknown;
  readonly planned: PlannedRule;
}

/** What many requests ask while the faults stand, and what must hold of them. Times are milliseconds. */
export interface CellLoad {
  readonly request: OwnRequest | 'of the contract';
  /** Requests a second. */
  readonly rate: number;
  readonly forMs: number;
  /** How many may be waiting for their answers at the same time. */
  readonly connections: number;
  readonly expect: During['expect'];
  /** `file:line:column` of what is expected. */
  positionOf(expectation: string): string;
}

/** A scenario with one choice of its matrix, checked and ready to run. */
export interface SuiteCell {
  /** `open-game.one-call[leaderboard,status:503]` */
  readonly id: string;
  readonly scenario: string;
  readonly position: Position;
  readonly tags: readonly string[];
  readonly system: SystemSpec;
  /** The system file under it, when it is not the one that the scenario names. */
  readonly systemFile: string | undefined;
  readonly contract: Contract | undefined;
  readonly faults: readonly SuiteRule[];
  /** Never empty: a scenario that says no steps sends its contract's request. */
  readonly steps: readonly Step[];
  /** Done before the baseline, and at the end whatever has happened; they break nothing. */
  readonly setup: readonly Step[];
  readonly teardown: readonly Step[];
  readonly recoveryWithin: number;
  /** It goes on beside the steps, and no other cell does: none is to be judged under it. */
  readonly load?: CellLoad | undefined;
  /** The id of the cell that this one is another time of. */
  readonly repeats?: string | undefined;
  /** Why it is not run: what the scenario says under `skip`. */
  readonly skip?: string | undefined;
  /** Why only it, and others that say so, are run: what the scenario says under `only`. */
  readonly only?: string | undefined;
  /** The most that all of it may take, in milliseconds, where the scenario says so. */
  readonly timeout?: number | undefined;
  /** The lines at which its values stand in the matrix. */
  valueLines?(): readonly number[];
  /** `file:line:column` of what a step expects. */
  positionOf(section: Section, step: number, expectation: string): string;
}

/** All that was loaded. */
export interface Suite {
  readonly cells: readonly SuiteCell[];
  /** Cells whose scenario belongs to another system than the one that was asked for. */
  readonly leftOut: number;
  /** Which part of a larger run this is. */
  readonly shard?: { readonly index: number; readonly total: number };
  /** What is to be known of how the cells were chosen. */
  readonly warnings?: readonly string[];
  readonly files: readonly { readonly file: string; readonly kind: FileKind }[];
  /** What they name beside: schemas and scripts. */
  readonly named?: readonly string[];
}

export type FileKind = 'system' | 'contract' | 'scenario' | 'fragment' | 'mock';
