import { setTimeout as sleep } from 'node:timers/promises';
import { showMs, type MachineCheck, type Verdict } from '../check.ts';
import type { MachineContext } from '../machine.ts';

export const clock: MachineCheck = {
  name: 'clock',
  needs: 'machine',
  proves: 'time never goes back, and the journal’s clock keeps pace with the wall’s',
  advice:
    'The clock of this machine is being set while it runs (a virtual machine that was resumed, a time server that steps): wait until it has settled.',
  async run({ clock, signal }) {
    const begun = both(clock);
    let [back, last] = [0, begun.now];
    for (let look = 0; look < LOOKS; look++) {
      await sleep(LOOK_MS, undefined, { signal });
      for (let reading = 0; reading < READINGS; reading++) {
        const now = clock.now();
        back = Math.max(back, last - now);
        last = now;
      }
    }
    const ended = both(clock);
    const passed = ended.now - begun.now;
    const apart = Math.abs(ended.wall - begun.wall - passed);
    const never = back === 0 ? 'never back' : `back by ${showMs(back)}`;
    const verdict: Verdict = back === 0 && apart <= MOST_APART_MS ? 'holds' : 'fails';
    const seen = `${never} in ${LOOKS * READINGS} looks; ${showMs(apart)} apart after ${showMs(passed)}`;
    return { verdict, seen };
  },
};

/** Both clocks at one time: read again where something came between. */
function both({ now, wall }: MachineContext['clock']): { now: number; wall: number } {
  for (let tries = 0; ; tries++) {
    const before = now();
    const at = wall();
    const after = now();
    if (after - before < 1 || tries === 10) return { now: after, wall: at };
  }
}

const LOOKS = 10;
const LOOK_MS = 20;
const READINGS = 1000;
const MOST_APART_MS = 50;
