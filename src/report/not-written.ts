import { BrownoutError, messageOf } from '../common/errors.ts';

/** Reports were not written of a run that came to its end. */
export class ReportsNotWritten extends BrownoutError {
  /** What the run itself ended with: where that is not 0, it is worse. */
  readonly exit: number;

  constructor(errors: readonly unknown[], exit: number) {
    super('report_not_written', errors.map(messageOf).join('\n'), {
      cause: errors.length === 1 ? errors[0] : new AggregateError(errors),
    });
    this.exit = exit;
  }
}
