import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { listen } from '../../../src/common/server.ts';
import { head } from './conversation.ts';
import type { Memory } from './measured-proxy.ts';

/** One body that is far larger than memory should ever hold. */
export interface Flood {
  readonly direction: 'down' | 'up';
  readonly framing: 'content-length' | 'chunked';
  readonly protocol: 'http' | 'tcp';
  /** A multiple of 64 KiB. */
  readonly bytes: number;
  /** The reader does not read before the writer has come to a standstill. */
  readonly stalled?: true;
}

export interface Flooded {
  /** How much of the body and its framing has come, and should have. */
  readonly arrived: number;
  readonly expected: number;
  /** How much the proxy's memory grew at most. */
  readonly grown: number;
  /** What had been taken from the writer when it stood still. */
  readonly inFlight: number;
  readonly seconds: number;
}

/** Sends one body through a proxy in a process of its own. */
export async function flood(what: Flood): Promise<Flooded> {
  const server = createServer({ allowHalfOpen: true });
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  await using listening = await listen(server);
  const child = fork(fileURLToPath(new URL('measured-proxy.js', import.meta.url)), [
    listening.url,
    what.protocol,
  ]);
  try {
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    const client = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
    const [upstream] = await accepted;
    for (const socket of [client, upstream]) socket.on('error', () => {});
    const begun = performance.now();
    const done = await exchange(what, client, upstream);
    const seconds = (performance.now() - begun) / 1000;
    child.send('report');
    const [{ start, peak }] = (await once(child, 'message')) as [Memory];
    client.destroy();
    return { ...done, grown: peak - start, seconds };
  } finally {
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  }
}

async function exchange(
  { direction, framing, bytes, stalled }: Flood,
  client: Socket,
  upstream: Socket,
): Promise<Pick<Flooded, 'arrived' | 'expected' | 'inFlight'>> {
  const [sender, receiver] = direction === 'up' ? [client, upstream] : [upstream, client];
  const field =
    framing === 'chunked' ? 'Transfer-Encoding: chunked' : `Content-Length: ${String(bytes)}`;
  const start =
    direction === 'up' ? head('POST /a HTTP/1.1', field) : head('HTTP/1.1 200 OK', field);
  const block = framing === 'chunked' ? CHUNK : BLOCK;
  const last = framing === 'chunked' ? '0\r\n\r\n' : '';
  const blocks = bytes / BLOCK.length;
  const expected = start.length + blocks * block.length + last.length;
  if (direction === 'down') {
    client.write(head('GET /a HTTP/1.1', 'Host: stats'));
    await once(sender, 'data');
  }

  let [arrived, written] = [0, 0];
  const whole = new Promise<void>((resolve) => {
    receiver.on('data', (chunk: Buffer) => {
      arrived += chunk.length;
      if (arrived >= expected) resolve();
    });
    receiver.once('close', resolve);
  });
  if (stalled) receiver.pause();
  const writing = (async () => {
    sender.write(start);
    for (let i = 0; i < blocks; i++) {
      if (!sender.write(block)) await once(sender, 'drain');
      written += block.length;
    }
    sender.write(last);
  })();
  const inFlight = stalled ? await standstill(() => written) : 0;
  receiver.resume();
  await Promise.all([writing, whole]);
  return { arrived, expected, inFlight };
}

/** What a count is when it has not changed for a while. A while too short gives too little, and fails nothing. */
async function standstill(count: () => number): Promise<number> {
  for (;;) {
    const before = count();
    await new Promise((resolve) => setTimeout(resolve, 300));
    if (before > 0 && count() === before) return before;
  }
}

export const MB = 1024 ** 2;
/** What a proxy may need beyond what it needs at rest, garbage that nobody has collected yet included. */
export const MOST_MB = 150;
const BLOCK = Buffer.alloc(64 * 1024, 'x');
const CHUNK = Buffer.concat([Buffer.from('10000\r\n'), BLOCK, Buffer.from('\r\n')]);
