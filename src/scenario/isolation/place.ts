import type { Instance, System } from '../../system/system.ts';
import type { CellResult } from '../result.ts';
import type { Slot } from '../run/slots.ts';
import type { SuiteCell } from '../suite.ts';

/** Where a cell runs. Disposing it ends what was started for that cell alone. */
export interface Place extends AsyncDisposable {
  readonly instance: Instance;
  /** By what its rules, its requests and its part of the journal are known. */
  readonly run: string;
  /** Whether what was seen here may not be the cell's own doing; asked when it is over. */
  doubt(): Promise<Doubt | undefined>;
}

/** A place that a cell may have. */
export interface Offer {
  readonly isolation: CellResult['isolation'];
  /** Others may have to leave it first: the slot is free for them meanwhile. */
  take(slot: Slot): Promise<Place>;
}

/** What came of a cell counts for nothing. */
export interface Doubt {
  readonly why: string;
  /** It is to be run once more, alone. */
  readonly again: boolean;
}

/** An instance of the service for this cell alone. */
export function placeOfItsOwn({ id }: SuiteCell, system: System, signal: AbortSignal): Offer {
  return {
    isolation: 'instance',
    async take() {
      const instance = await system.start(id, signal);
      return {
        instance,
        run: id,
        doubt: () => Promise.resolve(undefined),
        [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose](),
      };
    },
  };
}
