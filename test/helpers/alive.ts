import { readFileSync } from 'node:fs';

/** Whether a process runs. One that has ended but was not waited for yet is a zombie, not alive. */
export function isAlive(pid: number | string): boolean {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
    return state !== 'Z' && readFileSync(`/proc/${pid}/cmdline`).length > 0;
  } catch {
    return false;
  }
}
