import type { MachineCheck } from '../check.ts';
import { ANSWER, openAnswered, PATIENCE_MS, REQUEST, type Stand } from '../machine.ts';
import type { RawSocket } from '../raw-socket.ts';

export const latency: MachineCheck = {
  name: 'latency',
  needs: 'machine',
  proves: 'a delay is never shorter than asked, and not much longer',
  advice:
    'This machine is too busy to wait with care, so budgets of time mean little on it: give it a processor to itself, or run fewer things at once.',
  async run({ open, signal, clock }) {
    await using stand = await open();
    let best: Waited | undefined;
    // One burst of other work is no verdict on the machine.
    for (let round = 0; round < ROUNDS; round++) {
      const waited = await measure(stand, signal, clock.now);
      if (!best || waited.shortest < ASKED_MS || waited.median < best.median) best = waited;
      if (best.shortest < ASKED_MS || best.median <= ASKED_MS + MOST_LATE_MS) break;
    }
    const { shortest, median, longest } = best as Waited;
    if (longest === Infinity) {
      const seen = `${ASKED_MS} ms asked, and not all of ${COUNT} were answered within ${PATIENCE_MS} ms`;
      return { verdict: 'fails', seen };
    }
    const seen = `${ASKED_MS} ms asked, ${Math.floor(shortest)} to ${Math.floor(longest)} ms seen in ${COUNT}, half within ${Math.floor(median)}`;
    if (shortest < ASKED_MS) {
      const advice =
        'A wait was cut short, so a client would not reach its timeout: please report it, with your system and version of Node.';
      return { verdict: 'fails', seen, advice };
    }
    return { verdict: median <= ASKED_MS + MOST_LATE_MS ? 'holds' : 'fails', seen };
  },
};

interface Waited {
  readonly shortest: number;
  readonly median: number;
  readonly longest: number;
}

/** How long requests take that are all to be late, on connections that are open already. */
async function measure(stand: Stand, signal: AbortSignal, now: () => number): Promise<Waited> {
  const sockets: RawSocket[] = [];
  try {
    for (let i = 0; i < COUNT; i++) sockets.push(await openAnswered(stand.address, signal));
    await stand.break({ latency: `${ASKED_MS}ms` });
    const times = await Promise.all(
      sockets.map(async (socket) => {
        const sent = now();
        socket.send(REQUEST);
        const whole = ANSWER.length * 2;
        await socket.until(({ bytes, ends }) => bytes >= whole || ends.length > 0, PATIENCE_MS);
        return socket.bytes >= whole ? now() - sent : Infinity;
      }),
    );
    times.sort((a, b) => a - b);
    const [shortest = NaN, median = NaN, longest = NaN] = [
      times[0],
      times[COUNT / 2],
      times[COUNT - 1],
    ];
    return { shortest, median, longest };
  } finally {
    for (const socket of sockets) socket[Symbol.dispose]();
    await stand.lift();
  }
}

const ASKED_MS = 250;
const COUNT = 20;
const ROUNDS = 3;
/** Past this, the runner does not trust what it measured either. */
const MOST_LATE_MS = 50;
