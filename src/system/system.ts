import type { FaultControl } from '../proxy/fault-control.ts';
import type { LogTail } from './log.ts';

/** A system under test: starts its service as often as it is asked, each time behind fresh listeners of one proxy. */
export interface System extends AsyncDisposable {
  readonly control: FaultControl;
  /** There is one instance, which whoever starts it is lent: disposing it ends nothing, and it may be started anew when it has died. */
  readonly onlyOne: boolean;
  /**
   * Starts the service; rules of `run` act on what this instance calls. Without a run, each request says whose it is.
   * @throws {BrownoutError} `not_ready` when it does not come up, with its last log lines
   */
  start(run: string | undefined, signal: AbortSignal): Promise<Instance>;
}

/** One running service. Disposing it ends the service and closes its listeners. */
export interface Instance extends AsyncDisposable {
  readonly url: string;
  /**
   * Lets all that it calls from now on be of this run, or of the runs that the calls name themselves.
   * @throws {BrownoutError} `rules_stand` while rules of the one run or the other stand
   */
  lend(run: string | undefined): void;
  /** What stands behind `${upstream.stats.address}` and the like. */
  readonly values: Readonly<Record<string, string>>;
  /** Why the service is no longer there; undefined while it runs. */
  readonly died: string | undefined;
  /** What it logged last. */
  readonly log: LogTail;
}
