import {
  contractRequest,
  DEADLINE_MS,
  deadlineOf,
  ownRequest,
} from '../requests/contract-request.ts';
import { namesIn } from '../load/interpolate.ts';
import type { RequestSpec } from '../requests/request.ts';
import type { Session } from '../run/session.ts';
import type { SuiteCell } from '../suite.ts';

/** A request of a cell that may be sent once more without changing anything: that of its contract, or a GET. */
export interface Asked {
  /** The same for the same request of another cell. */
  readonly key: string;
  readonly request: RequestSpec;
  /** In milliseconds. */
  readonly deadline: number;
  /** It is known to call something. */
  readonly calls: boolean;
}

export function askedBy({ contract, steps }: SuiteCell, session: Session): Asked[] {
  const own = steps.flatMap(({ sends }) => {
    if (!sends || sends.request === 'of the contract' || sends.request.method !== 'GET') return [];
    // What an earlier step captures is not known in advance.
    if (namesIn(sends.request).size > 0) return [];
    const request = ownRequest({ ...sends.request, json: undefined }, session);
    return [{ request, deadline: DEADLINE_MS, calls: false }];
  });
  const all = contract
    ? [
        {
          request: contractRequest(contract, session),
          deadline: deadlineOf(contract),
          calls: true,
        },
        ...own,
      ]
    : own;
  const keyed = all.map((one) => ({ ...one, key: JSON.stringify(one.request) }));
  return [...new Map(keyed.map((one) => [one.key, one])).values()];
}
