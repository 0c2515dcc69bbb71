import { readdirSync, readFileSync } from 'node:fs';
import { randomHex } from '../common/random-hex.ts';

/** What every program that is started here has in its environment, and whatever it starts in turn. */
export const MARK: Readonly<Record<string, string>> = { BROWNOUT_STARTED_BY: randomHex(8) };

/** The processes that were started here and left their program's group, as daemons do. Known on Linux only, of one's own. */
export function stragglers(): number[] {
  const mark = Object.entries(MARK)
    .map(([name, value]) => `${name}=${value}`)
    .join();
  return pids().filter((pid) => environmentOf(pid).includes(mark));
}

function pids(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
  } catch {
    return [];
  }
}

/** Empty where it is none of ours to read, or the process has ended. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
