import type { Random } from '../../../src/common/random.ts';
import type { Client } from './client.ts';
import type { Recovery } from './recovery.ts';
import type { Outage } from './outages.ts';

/** One kind of request, and what its answer must be. Throws what is wrong with it. */
export interface Ask {
  readonly name: string;
  /** How often it is sent, compared with the others. */
  readonly weight: number;
  readonly send: (world: World, random: Random) => Promise<void>;
}

export interface World {
  readonly client: Client;
  readonly outage: Outage;
  readonly recovery: Recovery;
  readonly headers: Readonly<
    Record<'ada' | 'grace' | 'expired' | 'operator', Record<string, string>>
  >;
}

export function expectStatus(status: number, expected: number): void {
  if (status !== expected) throw new Error(`expected ${expected}, got ${status}`);
}

export function wrong(what: string, body: unknown): never {
  throw new Error(`${what} is wrong: ${JSON.stringify(body)}`);
}

export const JSON_TYPE = { 'content-type': 'application/json' };
