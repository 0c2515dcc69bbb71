import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { BrownoutError } from '../common/errors.ts';
import { listen } from '../common/server.ts';
import { createProxy } from '../proxy/proxy.ts';
import { openRaw, type RawAddress, type RawSocket } from './raw-socket.ts';

/** What a check may do on this machine. */
export interface MachineContext {
  /** Opens a port of the proxy before an upstream that answers every request by `ANSWER`. */
  readonly open: (options?: { readonly tls?: boolean; readonly host?: string }) => Promise<Stand>;
  /** The ports that the system hands out by itself, first and last; undefined where it does not tell. */
  readonly ephemeralPorts: () => Promise<readonly [number, number] | undefined>;
  readonly clock: {
    /** Milliseconds, from any beginning: what waits are measured by. */
    readonly now: () => number;
    /** Milliseconds since the epoch. */
    readonly wall: () => number;
  };
  /** Ends the check: it rejects then. */
  readonly signal: AbortSignal;
}

/** A port that can be broken, to see that it is. Disposing it puts everything back. */
export interface Stand extends AsyncDisposable {
  readonly address: RawAddress;
  /** Lets a fault act on all that comes there; has taken effect when the promise resolves. */
  break(inject: unknown): Promise<void>;
  /** Lifts all faults. */
  lift(): Promise<void>;
}

/** This machine, as it is, with the engine that runs scenarios. */
export function createMachine(signal: AbortSignal): MachineContext {
  return {
    async open({ tls = false, host = '127.0.0.1' } = {}) {
      const upstream = await listen(answering(), 0, host);
      const proxy = createProxy();
      const close = async () => {
        await proxy[Symbol.asyncDispose]();
        await upstream[Symbol.asyncDispose]();
      };
      try {
        const { url, ca } = await proxy.open({ name: 'upstream', target: upstream.url, tls, host });
        return {
          address: {
            host,
            port: Number(new URL(url).port),
            ...(ca === undefined ? {} : { tls: { ca } }),
          },
          async break(inject) {
            await proxy.control.add([{ on: 'upstream', inject }]);
          },
          async lift() {
            await proxy.control.clear();
          },
          [Symbol.asyncDispose]: close,
        };
      } catch (error) {
        await close();
        throw error;
      }
    },
    async ephemeralPorts() {
      const text = await readFile(EPHEMERAL_PORTS, 'utf8').catch(() => '');
      const [, first, last] = /^(\d+)\s+(\d+)/.exec(text) ?? [];
      return last === undefined ? undefined : [Number(first), Number(last)];
    },
    clock: { now: () => performance.now(), wall: () => Date.now() },
    signal,
  };
}

/**
 * A connection on which one request was answered: all is well, and it is kept alive.
 * @throws {BrownoutError} `not_answered`
 */
export async function openAnswered(address: RawAddress, signal: AbortSignal): Promise<RawSocket> {
  const socket = openRaw(address, signal);
  try {
    socket.send(REQUEST);
    const over = await socket.until(
      ({ bytes, ends }) => bytes >= ANSWER.length || ends.length > 0,
      PATIENCE_MS,
    );
    if (socket.bytes >= ANSWER.length) return socket;
    const { host, port } = address;
    const how = over ? `ended by ${socket.ends[0]?.how}` : `was silent for ${PATIENCE_MS} ms`;
    const message = `a connection to ${host}:${port} without any fault ${how}`;
    throw new BrownoutError('not_answered', message);
  } catch (error) {
    socket[Symbol.dispose]();
    throw error;
  }
}

/** Answers every request that has no body, in the raw. */
function answering() {
  return createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf(END); end >= 0; end = text.indexOf(END)) {
        text = text.slice(end + END.length);
        socket.write(ANSWER);
      }
    });
  });
}

/** What to do where a connection does not end as it was ended. */
export const ENDED_OTHERWISE =
  'Something between client and port ends connections in its own way: a VPN, an antivirus or a network layer of the container (userspace TCP) does that. Let 127.0.0.1 pass untouched.';
export const REQUEST = 'GET / HTTP/1.1\r\nHost: upstream\r\n\r\n';
export const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell';
/** How long something that must happen may take on a machine that is very busy. */
export const PATIENCE_MS = 2000;
const END = '\r\n\r\n';
const EPHEMERAL_PORTS = '/proc/sys/net/ipv4/ip_local_port_range';
