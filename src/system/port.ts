import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { BrownoutError } from '../common/errors.ts';
import { listen } from '../common/server.ts';

/** A port that is free now, and that this process gives to nobody else until it is given back. */
export interface GivenPort {
  readonly port: number;
  giveBack(): void;
}

/**
 * A port for a program that cannot choose its own. It lies below Linux's ephemeral range: there, a connection of anyone's
 * may take it before the program does.
 * @throws {BrownoutError} `no_port`
 */
export async function givePort(): Promise<GivenPort> {
  for (let tries = 0; tries < PORT_TRIES; tries++) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT + 1);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return { port, giveBack: () => void given.delete(port) };
    given.delete(port);
  }
  throw new BrownoutError('no_port', `no free port was found in ${PORT_TRIES} tries`);
}

async function isFree(port: number): Promise<boolean> {
  try {
    await using probe = await listen(createServer(), port);
    return probe.port === port && (await isFreeByIPv6(port));
  } catch (error) {
    if (error instanceof BrownoutError) return false;
    throw error;
  }
}

/** Nobody else must answer in the program's place; a machine without IPv6 has nobody there. */
async function isFreeByIPv6(port: number): Promise<boolean> {
  try {
    await using probe = await listen(createServer(), port, '::1');
    return probe.port === port;
  } catch (error) {
    return !(error instanceof BrownoutError);
  }
}

/** Instances start at the same time: two of them must not draw one port. */
const given = new Set<number>();
const [LOWEST_PORT, HIGHEST_PORT] = [10_000, 32_767];
const PORT_TRIES = 50;
