import { connect } from 'node:net';
import { createRandom, type Random } from '../../../../src/common/random.ts';
import type { State } from './state.ts';
import { STATS_ANSWER } from './world.ts';

/** Traffic that goes on while calls are made. */
export interface Traffic {
  /** How many connections came through from end to end, and how many were cut, as they may be. */
  readonly counts: { whole: number; cut: number };
  /** What no connection may ever see: bytes that nobody has sent. */
  readonly garbled: readonly string[];
  stop(): Promise<void>;
}

/** Whatever stands in the way of a connection, what comes is the beginning of what must come. */
export function startTraffic(stateNow: () => State, stats: string, lanes = 3): Traffic {
  const counts = { whole: 0, cut: 0 };
  const garbled: string[] = [];
  let running = true;
  const drive = async (random: Random) => {
    while (running) {
      const { proxies } = stateNow();
      const proxy = proxies[Math.floor(random() * proxies.length)];
      if (!proxy?.enabled) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      const { name, listen } = proxy;
      const told = await exchange(listen, textFor(listen === stats, random), 100);
      counts[told.whole ? 'whole' : 'cut']++;
      if (told.garbled) garbled.push(`${name} at ${listen}: ${told.garbled}`);
    }
  };
  const all = Array.from({ length: lanes }, (_, i) => drive(createRandom(`traffic ${i}`)));
  return {
    counts,
    garbled,
    async stop() {
      running = false;
      await Promise.all(all);
    },
  };
}

/** What is sent, and what must come: of a greeter any one letter first. */
interface Exchange {
  readonly sent: string;
  readonly greeting: RegExp | undefined;
  readonly comes: string;
}

export function textFor(http: boolean, random: Random): Exchange {
  if (http) return { sent: REQUEST, greeting: undefined, comes: STATS_ANSWER };
  const sent = `${random()} `.repeat(1 + Math.floor(random() * 200));
  return { sent, greeting: /^[AB]/, comes: sent };
}

export interface Told {
  /** All came. */
  readonly whole: boolean;
  readonly refused: boolean;
  /** The letter of the upstream. */
  readonly from: string | undefined;
  readonly garbled: string | undefined;
}

/** One connection: sends it all, and reads until all has come, or nothing more does. */
export function exchange(
  address: string,
  { sent, greeting, comes }: Exchange,
  patienceMs: number,
): Promise<Told> {
  const [, host = '', port] = /^(.*):(\d+)$/.exec(address.replaceAll(/[[\]]/g, '')) ?? [];
  return new Promise((resolve) => {
    let got = '';
    let refused = false;
    const socket = connect({ host: host === '::' ? '::1' : host, port: Number(port) });
    const whole = () => got.length === comes.length + (greeting ? 1 : 0);
    const patience = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('connect', () => socket.write(sent));
    socket.on('data', (bytes) => {
      got += bytes.toString('latin1');
      if (whole()) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      refused = error.code === 'ECONNREFUSED';
    });
    socket.on('close', () => {
      clearTimeout(patience);
      const rest = greeting ? got.slice(1) : got;
      const right = (!greeting || got === '' || greeting.test(got)) && comes.startsWith(rest);
      resolve({
        whole: right && whole(),
        refused,
        from: greeting ? got[0] : undefined,
        garbled: right ? undefined : `sent ${inShort(sent)}, got ${inShort(got)}`,
      });
    });
  });
}

function inShort(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

const REQUEST = 'GET /rows HTTP/1.1\r\nHost: stats\r\n\r\n';
