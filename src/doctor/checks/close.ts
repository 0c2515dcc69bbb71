import type { MachineCheck } from '../check.ts';
import { ENDED_OTHERWISE, openAnswered, PATIENCE_MS } from '../machine.ts';
import { openRaw, type RawSocket } from '../raw-socket.ts';

export const close: MachineCheck = {
  name: 'close',
  needs: 'machine',
  proves: 'a close is a FIN that never turns into an RST, whatever the client still sends',
  advice: ENDED_OTHERWISE,
  async run({ open, signal }) {
    await using stand = await open();
    using live = await openAnswered(stand.address, signal);
    live.send(UPLOAD);
    await stand.break('close');
    const onLive = await endOf(live);
    using fresh = openRaw(stand.address, signal);
    fresh.send(UPLOAD);
    const onNew = await endOf(fresh);
    const holds = onLive === 'FIN' && onNew === 'FIN';
    const seen = `${onLive} on what was open, ${onNew} on a new one, with ${UPLOAD.length / 1024} KB under way`;
    return { verdict: holds ? 'holds' : 'fails', seen };
  },
};

/** `FIN`, or all that was seen of its end: many a client goes on sending for a while after a FIN has come. */
async function endOf(socket: RawSocket): Promise<string> {
  await socket.until(({ ends }) => ends.length > 0, PATIENCE_MS);
  // Only who writes learns of an RST that follows.
  for (let more = 0; more < 10 && socket.ends.length === 1; more++) {
    socket.send(UPLOAD);
    await socket.until(({ ends }) => ends.length > 1, 5);
  }
  return socket.ends.map(({ how }) => how).join(', then ') || 'nothing';
}

const UPLOAD = 'POST / HTTP/1.1\r\nHost: upstream\r\nContent-Length: 9999999\r\n\r\n'.padEnd(
  64 * 1024,
  'x',
);
