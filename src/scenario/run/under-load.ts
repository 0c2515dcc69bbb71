import { formatDuration } from '../../common/duration.ts';
import type { CellContext } from './cell.ts';
import {
  contractRequest,
  DEADLINE_MS,
  deadlineOf,
  ownRequest,
} from '../requests/contract-request.ts';
import type { Driver } from './driver.ts';
import type { Contract } from '../format/contract.ts';
import { now } from '../judge/judge.ts';
import { pause } from './pause.ts';
import type { Place } from '../isolation/place.ts';
import { sentFor, type RequestSpec } from '../requests/request.ts';
import type { Failure } from '../result.ts';
import type { LoadReport } from './send-load.ts';
import type { Session } from './session.ts';
import type { CellLoad, SuiteCell } from '../suite.ts';

interface UnderLoad {
  readonly failures: Failure[];
  /** Why the load proves nothing, where nothing else is wrong. */
  readonly shortfall?: string | undefined;
  readonly load?: LoadReport;
}

/** Does `work` while the load of the cell is sent, if it has one, and judges that too. */
export async function underLoad(
  cell: SuiteCell,
  { instance, run }: Place,
  driver: Pick<Driver, 'after'>,
  { session, signal }: CellContext,
  work: () => Promise<Failure[]>,
): Promise<UnderLoad> {
  const { load, contract } = cell;
  if (!load) return { failures: await work() };
  const ofContract = load.request === 'of the contract' ? contract : undefined;
  const request = requestOf(load, ofContract, session);
  const {
    headers: { traceparent: _, ...headers },
    ...spec
  } = sentFor(run, request);
  const order = {
    url: instance.url,
    request: { ...spec, headers },
    rate: load.rate,
    forMs: load.forMs,
    connections: load.connections,
    deadline: ofContract ? deadlineOf(ofContract) : DEADLINE_MS,
  };
  // Few scenarios need it.
  const { sendLoad } = await import('./send-load.ts');
  const stop = new AbortController();
  const from = now();
  const sending = sendLoad(order, AbortSignal.any([signal, stop.signal]));
  const noting = note();
  try {
    // What they come to is waited for below.
    sending.catch(() => undefined);
    noting.catch(() => undefined);
    const failures = await work();
    const report = await sending;
    await driver.after(request, { from, to: now() });
    return {
      failures: [...failures, ...judge(load, report)],
      shortfall: shortfallOf(load, report),
      load: report,
    };
  } finally {
    stop.abort();
    await Promise.allSettled([sending, noting]);
  }

  /** The journal drops what is old where there is much: what has fired is noted in time. */
  async function note(): Promise<void> {
    for (;;) {
      await pause(NOTED_MS, stop.signal);
      await driver.after(request, { from, to: now() });
    }
  }
}

function requestOf(
  { request }: CellLoad,
  contract: Contract | undefined,
  session: Session,
): RequestSpec {
  if (request !== 'of the contract') return ownRequest(request, session);
  if (!contract) throw new Error('a load without a contract passed the check');
  return contractRequest(contract, session);
}

function judge(load: CellLoad, report: LoadReport): Failure[] {
  const { errors, ...times } = load.expect;
  const failures = Object.entries(times).flatMap(([name, most]): Failure[] => {
    const got = report[name as keyof typeof times];
    if (most === undefined || got <= most) return [];
    return [
      {
        at: load.positionOf(name),
        pointer: `${name} of the load`,
        expected: `at most ${formatDuration(most)}`,
        got: formatDuration(got),
      },
    ];
  });
  const { count, told } = counted(report.errors);
  if (count <= errors) return failures;
  return [
    {
      at: load.positionOf('errors'),
      pointer: 'errors of the load',
      expected: `at most ${errors}`,
      got: `${count} of ${report.sent}: ${told}`,
    },
    ...failures,
  ];
}

/** How many there are of all kinds, and of each, the most frequent first. */
function counted(kinds: Readonly<Record<string, number>>): { count: number; told: string } {
  const sorted = Object.entries(kinds).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return {
    count: sorted.reduce((sum, [, times]) => sum + times, 0),
    told: sorted.map(([kind, times]) => `${kind} ×${times}`).join(', '),
  };
}

function shortfallOf(
  { rate, forMs, connections }: CellLoad,
  report: LoadReport,
): string | undefined {
  const { count, told } = counted(report.refused);
  if (count > report.sent * MOST_REFUSED)
    return `${count} of ${report.sent} requests of the load were answered by 400 to 499, so they asked nothing of the service: ${told}`;
  const slack = report.crowded ? 0 : LATE_MS;
  if (report.tookMs <= forMs / ENOUGH + slack) return undefined;
  const why = report.crowded
    ? `as many as may wait for their answers at once did (connections: ${connections})`
    : 'this machine could not send more';
  return `the load came to ${((report.sent * 1000) / report.tookMs).toFixed(1)} of ${rate} requests a second: ${why}`;
}

/** A few may be chance; with more, the load was not what it was meant to be. */
const MOST_REFUSED = 0.01;
/** What part of the rate counts as the rate. */
const ENOUGH = 0.9;
/** A machine may be late once, which in a short load is much. */
const LATE_MS = 500;
const NOTED_MS = 100;
