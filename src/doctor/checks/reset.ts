import type { MachineCheck } from '../check.ts';
import { ENDED_OTHERWISE, openAnswered, PATIENCE_MS, REQUEST, type Stand } from '../machine.ts';
import { openRaw, type RawSocket } from '../raw-socket.ts';

export const reset: MachineCheck = {
  name: 'reset',
  needs: 'machine',
  proves: 'a reset is an RST on new and live connections, beneath TLS too',
  advice: ENDED_OTHERWISE,
  async run({ open, signal }) {
    await using plain = await open();
    await using secured = await open({ tls: true });
    const seen = [
      ...(await endsOf(plain, signal)),
      `${(await endsOf(secured, signal))[0]} beneath TLS`,
    ];
    const holds = seen.every((how) => how.startsWith('RST'));
    return { verdict: holds ? 'holds' : 'fails', seen: seen.join(', ') };
  },
};

/** How a connection that was open ends, and one that is made after it. */
async function endsOf(stand: Stand, signal: AbortSignal): Promise<string[]> {
  // What came is read before the reset: a Node client that finds both at once may take the RST for a FIN.
  using live = await openAnswered(stand.address, signal);
  await stand.break('reset');
  await live.until(hasEnded, PATIENCE_MS);
  using fresh = openRaw(stand.address, signal);
  fresh.send(REQUEST);
  await fresh.until(hasEnded, PATIENCE_MS);
  return [
    `${live.ends[0]?.how ?? 'nothing'} after ${live.bytes} bytes`,
    `${fresh.ends[0]?.how ?? 'nothing'} on a new one`,
  ];
}

function hasEnded({ ends }: RawSocket): boolean {
  return ends.length > 0;
}
