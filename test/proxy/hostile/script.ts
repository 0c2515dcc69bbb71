import type { Random } from '../../../src/common/random.ts';
import { nextPoll } from '../rig.ts';
import type { Peer } from '../transparency/peer.ts';

/** What one side of a connection does to the other, in its own time. It ends by itself, whatever the other side does. */
export interface Script {
  readonly name: string;
  /** How often it is drawn, in relation to others; 1 unless said. */
  readonly weight?: number;
  play(peer: Peer, random: Random): Promise<void>;
  /** It sends more than a held connection reads: that it has left is seen when the rule is lifted. */
  readonly floods?: true;
  /** The exchanges that the journal must tell of, where the other side does its part and no rule acts. */
  readonly exchanges?: number;
}

/** Draws one, as often as its weight says. */
export function pick<T extends { readonly weight?: number }>(all: readonly T[], random: Random): T {
  const total = all.reduce((sum, { weight = 1 }) => sum + weight, 0);
  let left = random() * total;
  const found = all.find(({ weight = 1 }) => (left -= weight) < 0);
  return found ?? (all[0] as T);
}

export function oneOf<T>(all: readonly T[], random: Random): T {
  return all[Math.floor(random() * all.length)] as T;
}

export function upTo(most: number, random: Random): number {
  return Math.floor(random() * (most + 1));
}

export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export function randomBytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

/** Sends in segments of random lengths, with a round of the event loop between them. */
export async function sendInSegments(
  peer: Peer,
  all: Buffer,
  random: Random,
  most = 1000,
): Promise<void> {
  for (let at = 0; at < all.length && !peer.over;) {
    const length = 1 + upTo(most - 1, random);
    peer.send(all.subarray(at, at + length));
    at += length;
    await nextPoll();
  }
}

/** Goes in one of the ways in which a connection can be left; or stays. */
export function leave(peer: Peer, random: Random): void {
  const how = oneOf(['finish', 'reset', 'destroy', 'stay'] as const, random);
  if (how !== 'stay') peer[how]();
}

/** Waits some rounds of the event loop. */
export async function linger(random: Random, most = 8): Promise<void> {
  for (let turns = upTo(most, random); turns > 0; turns--) await nextPoll();
}

/** Waits until so much has come, but no longer than some rounds: the other side owes nothing. */
export async function waitAWhile(peer: Peer, length: number, turns = 40): Promise<void> {
  for (; turns > 0 && !peer.over && peer.length < length; turns--) await nextPoll();
}
