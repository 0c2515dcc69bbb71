import type { CellResult, Result } from './result.ts';

/** What will run. */
export interface Plan {
  readonly seed: string;
  readonly cells: readonly { readonly id: string; readonly file: string; readonly line: number }[];
  /** Cells of scenarios that belong to another system than the one that was asked for. */
  readonly leftOut: number;
  /** Which part of a larger run this is: that of `index`, from 1, of `total`. */
  readonly shard?: { readonly index: number; readonly total: number };
}

/** What the runner tells while it works; it never prints. */
export type RunEvent =
  | { readonly type: 'run:start'; readonly plan: Plan }
  | { readonly type: 'cell:start'; readonly id: string }
  | {
      readonly type: 'cell:phase';
      readonly id: string;
      readonly phase: 'baseline' | 'fault' | 'recovery';
    }
  | { readonly type: 'cell:end'; readonly cell: CellResult }
  | { readonly type: 'run:end'; readonly result: Result };
