import { showMs, type MachineCheck } from '../check.ts';
import { openAnswered, PATIENCE_MS } from '../machine.ts';
import { openRaw } from '../raw-socket.ts';

export const refuse: MachineCheck = {
  name: 'refuse',
  needs: 'machine',
  proves: 'a refused connection gets ECONNREFUSED, what was open is reset, and it comes back',
  advice:
    'A firewall that drops or accepts what nobody listens to, a VPN or an antivirus between programs of this machine does that: let 127.0.0.1 pass untouched.',
  async run({ open, signal }) {
    await using stand = await open();
    using live = await openAnswered(stand.address, signal);
    await stand.break('refuse');
    const ended = ({ ends }: { ends: readonly unknown[] }) => ends.length > 0;
    using refused = openRaw(stand.address, signal);
    await refused.until(ended, PATIENCE_MS);
    await live.until(ended, PATIENCE_MS);
    const [end] = refused.ends;
    const told = end ? `${end.how} after ${showMs(end.atMs)}` : `nothing for ${PATIENCE_MS} ms`;
    const onLive = live.ends[0]?.how ?? 'nothing';
    await stand.lift();
    using again = await openAnswered(stand.address, signal);
    const holds = end?.how === 'ECONNREFUSED' && onLive === 'RST';
    const seen = `${told}; ${onLive} on what was open; answered ${showMs(again.ageMs)} after lifting`;
    return { verdict: holds ? 'holds' : 'fails', seen };
  },
};
