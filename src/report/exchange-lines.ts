import type { CellResult } from '../scenario/result.ts';
import { columns, fits, pad } from './columns.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { showTime } from './time.ts';

/** What the service asked of its upstreams, a line a call in lines of `room` columns, with what was injected. */
export function exchangeLines(
  exchanges: readonly Exchange[],
  room: number,
  paint: Paint,
): string[] {
  const shown = exchanges.slice(0, MAX_SHOWN);
  const nameWidth = Math.max(0, ...shown.map((exchange) => columns(nameOf(exchange))));
  const lines = shown.flatMap((exchange) => {
    const name = pad(nameOf(exchange), nameWidth);
    const end = endOf(exchange);
    const request = requestOf(exchange, room - columns(`${name}   → ${end}`));
    const call = `${name}  ${request} → ${end}`;
    const done = injectedInto(exchange);
    if (done === '') return [call];
    return fits(`${call}  ${done}`, room)
      ? [`${call}  ${paint.cyan(done)}`]
      : [call, `  ${paint.cyan(done)}`];
  });
  const rest = exchanges.length - shown.length;
  return rest > 0 ? [...lines, paint.dim(`and ${rest} more`)] : lines;
}

/** `stats.leaderboard` */
export function nameOf({ upstream, call }: Exchange): string {
  return printable(call === null ? upstream : `${upstream}.${call}`);
}

/** `GET /path`, in `room` columns, where they are not too few: of the path, `least` are kept. */
export function requestOf({ method, path }: Exchange, room: number, least = MIN_PATH): string {
  if (method === null) return 'a connection';
  if (path === null) return printable(method);
  return `${printable(method)} ${shortenPath(printable(path), Math.max(least, room - method.length - 1))}`;
}

/** Both ends of a path tell calls apart: the route stands at its beginning, the parameters at its end. */
function shortenPath(path: string, length: number): string {
  if (path.length <= length) return path;
  const half = Math.floor((length - 1) / 2);
  return `${path.slice(0, half)}…${path.slice(-half)}`;
}

function endOf({ status, end, failure, durationMs }: Exchange): string {
  const why = failure === undefined ? '' : ` (${printable(failure)})`;
  const ended = end === 'answered' ? null : `${ENDS[end]}${why}`;
  const what = [status, ended].filter((part) => part !== null).join(', ') || 'answered';
  return durationMs === null ? what : `${what}  ${showTime(durationMs)}`;
}

function injectedInto({ injected, matched }: Exchange): string {
  if (injected.length > 0) {
    const faults = injected.map(
      ({ fault, phase, atMs }) => `${fault} (${phase}, after ${showTime(atMs)})`,
    );
    return printable(`injected ${faults.join(', ')}`);
  }
  return matched.length > 0 ? printable(`matched ${matched.join(', ')}, nothing injected`) : '';
}

type Exchange = CellResult['exchanges'][number];

const ENDS: Readonly<Record<Exclude<Exchange['end'], 'answered'>, string>> = {
  reset: 'reset',
  closed: 'closed',
  'client-gone': 'the service gave up',
  'upstream-failed': 'the upstream failed',
  pending: 'no end yet',
};
const MAX_SHOWN = 12;
const MIN_PATH = 16;
