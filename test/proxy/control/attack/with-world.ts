import { nextPoll, nothingLeft, resources } from '../../rig.ts';
import type { Reply } from '../model/state.ts';
import { createWorld, type World } from '../model/world.ts';

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
    const put = (body: unknown) =>
      Object.entries(world.addresses).reduce(
        (text, [key, address]) => text.replaceAll(`"${key}"`, `"${address}"`),
        JSON.stringify(body),
      );
    const send: Send = (line, body) =>
      world.ask({ line, ...(body === undefined ? {} : { body: put(body) }) });
    await attack(send, world);
  }
  await nothingLeft(before);
}

/** `count` of them at once; in the order in which they were made. */
export function atOnce<T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => make(i)));
}

/** How many answers there were of each status: `{ 201: 1, 409: 49 }`. */
export function statuses(replies: readonly Reply[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Sends through a listening address, to see whether all comes back. */
export { exchange, textFor } from '../model/traffic.ts';
