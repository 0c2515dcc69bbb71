import { rawClient } from '../../../helpers/raw-client.ts';
import { nextPoll, nothingLeft, resources } from '../../rig.ts';
import type { Reply } from '../model/state.ts';
import { createWorld, type World } from '../model/world.ts';

/** What a call is made of: `['POST /proxies', { … }]`. */
export type Typed = readonly [line: string, body?: unknown];

/** A call as it is typed: `send('POST /proxies', { … })`; `@A` in a body stands for the address of the upstream A. */
export type Send = (line: string, body?: unknown) => Promise<Reply & { readonly ms: number }>;

/** Runs an attack on a control API; afterwards all is disposed, and nothing may be left open in the process. */
export async function withWorld(
  attack: (send: Send, world: World) => Promise<void>,
): Promise<void> {
  await nextPoll();
  const before = resources();
  {
    await using world = await createWorld();
    const send: Send = (line, body) =>
      world.ask({ line, ...(body === undefined ? {} : { body: textOf(body, world) }) });
    await attack(send, world);
  }
  await nothingLeft(before);
}

/** `count` of them at once; in the order in which they were made. */
export function atOnce<T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => make(i)));
}

/**
 * Calls that come in one piece, so that all are begun before one of them is done: from connections of their own they would
 * come one after another.
 */
export async function together(world: World, calls: readonly Typed[]): Promise<readonly Reply[]> {
  const client = rawClient(world.control.url);
  const requests = calls.map(([line, body]) => {
    const text = body === undefined ? '' : textOf(body, world);
    const head = `${line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json`;
    return `${head}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  });
  client.send(requests.join(''));
  const replies: Reply[] = [];
  for (const [line] of calls) {
    const answer = await client.answer();
    if (typeof answer === 'string') throw new Error(`${line}: ${answer}`);
    const { status, body } = answer;
    replies.push({ status, body: body.startsWith('{') ? (JSON.parse(body) as unknown) : body });
  }
  client.destroy();
  return replies;
}

function textOf(body: unknown, { addresses }: World): string {
  return Object.entries(addresses).reduce(
    (text, [key, address]) => text.replaceAll(`"${key}"`, `"${address}"`),
    JSON.stringify(body),
  );
}

/** How many answers there were of each status: `{ 201: 1, 409: 49 }`. */
export function statuses(replies: readonly Reply[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Sends through a listening address, to see whether all comes back. */
export { exchange, textFor } from '../model/traffic.ts';
